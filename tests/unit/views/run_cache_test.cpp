#include "views/run_cache.hpp"

#include "support/run.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

using namespace aml;
using namespace aml::views;
using test::run;

namespace {

const auto finished = *azure::ResourceId::parse(
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/"
    "jobs/a");

struct CacheFixture {
    RunCache cache(const std::string& source) { return {directory.path(), source, pool, Log()}; }

    test::TemporaryDirectory directory;
    asio::io_context loop;
    asio::thread_pool pool{1};
};

}  // namespace

TEST_CASE("points and pages of runs that are over are found again") {
    CacheFixture fixture;
    const auto cache = fixture.cache("azure");
    CHECK_FALSE(run(fixture.loop, cache.points(finished, "loss")));
    CHECK_FALSE(run(fixture.loop, cache.page(finished)));
    MetricHistory history;
    history.take(
        {.name = "loss", .columns = {{"loss", "Double"}}, .rows = {{.id = "1", .step = 4}}});
    const auto rows = std::make_shared<const MetricHistory>(history);
    run(fixture.loop, cache.keep_points(finished, "loss", rows));
    run(fixture.loop, cache.keep_page(finished, "{}"));

    const auto other = fixture.cache("azure");
    const auto known = run(fixture.loop, other.points(finished, "loss"));
    REQUIRE(known);
    CHECK(known->rows(0, 1).rows == history.rows(0, 1).rows);
    CHECK(run(fixture.loop, other.page(finished)) == "{}");
    CHECK_FALSE(run(fixture.loop, other.points(finished, "accuracy")));
    CHECK_FALSE(run(fixture.loop, fixture.cache("elsewhere").page(finished)));
}

TEST_CASE("a cache that cannot be written costs nothing but itself") {
    CacheFixture fixture;
    fixture.directory.write("finished-runs", "no folder");
    const auto cache = fixture.cache("azure");
    run(fixture.loop, cache.keep_page(finished, "{}"));
    CHECK_FALSE(run(fixture.loop, cache.page(finished)));
}
