#include "azure/resource_id.hpp"

#include <doctest/doctest.h>

using namespace aml::azure;

namespace {

constexpr auto job_text =
    "/subscriptions/s1/resourcegroups/rg/providers/Microsoft.MachineLearningServices/workspaces/W1/"
    "jobs/j1";

}  // namespace

TEST_CASE("a resource id is parsed into its parts and keeps its case") {
    const auto id = ResourceId::parse(job_text);
    REQUIRE(id);
    CHECK(id->subscription() == "s1");
    CHECK(id->resource_group() == "rg");
    CHECK(id->type() == "jobs");
    CHECK(id->name() == "j1");
    CHECK(id->name_of("Workspaces") == "W1");
    CHECK(id->workspace().name() == "W1");
    CHECK(id->to_string() ==
          "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.MachineLearningServices/"
          "workspaces/W1/jobs/j1");
}

TEST_CASE("resource ids compare without regard to case") {
    const auto built = ResourceId::workspace("S1", "RG", "w1").child("Jobs", "j1");
    CHECK(ResourceId::parse(job_text) == built);
    CHECK(built.key() == ResourceId::parse(job_text)->key());
    CHECK_FALSE(ResourceId::parse(job_text) == ResourceId::workspace("s1", "rg", "w1"));
}

TEST_CASE("text that is no resource id is not parsed") {
    for (const auto* text : {"",
                             "/",
                             "subscriptions/s",
                             "/subscriptions",
                             "/subscriptions//resourceGroups/x",
                             "/tenants/t",
                             "/subscriptions/s/resourceGroups",
                             "/subscriptions/s/other/x"}) {
        CHECK_FALSE(ResourceId::parse(text));
    }
    CHECK(ResourceId::parse("/subscriptions/s1")->name() == "s1");
}
