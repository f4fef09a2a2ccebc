#include "features/progress_feature.hpp"

#include "features/lifecycle_feature.hpp"
#include "rig.hpp"

#include <optional>

using namespace aml;
using features::Progress;
using features::ProgressFeature;
using nlohmann::json;

namespace {

struct ProgressRig : test::Rig {
    ProgressRig() {
        progress.bind(router);
        lifecycle.bind(router);
        start();
    }

    /// The `value` of each `$/progress` since the last call.
    std::vector<json> values() {
        std::vector<json> found;
        for (const auto& message : received()) {
            REQUIRE(message["method"] == "$/progress");
            found.push_back(message["params"]["value"]);
        }
        return found;
    }

    /// Begins a progress of the server's own and lets the client agree.
    Progress shown() {
        auto begun = progress.begin("Submitting", ProgressFeature::Cancel::Offered);
        const auto asked = received();
        REQUIRE(asked.size() == 1);
        deliver({{"id", asked[0]["id"]}, {"result", nullptr}});
        REQUIRE(values().size() == 1);
        return begun;
    }

    ProgressFeature progress{services};
    features::LifecycleFeature lifecycle{services};
};

}  // namespace

TEST_CASE("a request's own token is used at once and ends with the object") {
    ProgressRig rig;
    {
        const auto progress =
            rig.progress.begin("Listing", ProgressFeature::Cancel::NotOffered, std::string("t"));
        CHECK(rig.values() == std::vector<json>{{{"kind", "begin"}, {"title", "Listing"}}});
    }
    CHECK(rig.values() == std::vector<json>{{{"kind", "end"}}});
}

TEST_CASE("the server's own progress waits for the client, and begins with the newest report") {
    ProgressRig rig;
    auto progress = rig.progress.begin("Submitting", ProgressFeature::Cancel::Offered);
    progress.report("Checking");
    progress.report("Uploading", 140);
    const auto asked = rig.received();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0]["method"] == "window/workDoneProgress/create");
    CHECK(asked[0]["params"]["token"] == "aml-1");
    rig.deliver({{"id", asked[0]["id"]}, {"result", nullptr}});
    CHECK(rig.values() ==
          std::vector<json>{json::parse(
              R"({"kind":"begin","title":"Submitting","cancellable":true,"message":"Uploading",
                                  "percentage":100})")});
}

TEST_CASE("reports come at most four times a second, and the newest is never lost") {
    ProgressRig rig;
    auto progress = rig.shown();
    rig.clock.advance(std::chrono::seconds(1));
    for (int i = 0; i < 10; ++i) progress.report("Uploading", i);
    auto first = rig.values();
    REQUIRE(first.size() == 1);
    CHECK(first[0]["percentage"] == 0);
    rig.clock.advance(std::chrono::milliseconds(249));
    CHECK(rig.values().empty());
    rig.clock.advance(std::chrono::milliseconds(1));
    auto second = rig.values();
    REQUIRE(second.size() == 1);
    CHECK(second[0]["percentage"] == 9);
    rig.clock.advance(std::chrono::seconds(1));
    CHECK(rig.values().empty());
}

TEST_CASE("work that ends before the client has agreed shows nothing") {
    ProgressRig rig;
    json id;
    {
        const auto progress = rig.progress.begin("Quick", ProgressFeature::Cancel::NotOffered);
        id = rig.received()[0]["id"];
    }
    rig.deliver({{"id", id}, {"result", nullptr}});
    CHECK(rig.values().empty());
}

TEST_CASE("a client that refuses or cannot show progress sees none") {
    ProgressRig rig;
    auto refused = rig.progress.begin("Submitting", ProgressFeature::Cancel::Offered);
    const auto id = rig.received()[0]["id"];
    rig.deliver({{"id", id}, {"error", {{"code", -32603}, {"message", "no"}}}});
    refused.report("Uploading");
    CHECK(rig.received().empty());
    rig.services.capabilities.window.reset();
    auto silent = rig.progress.begin("Submitting", ProgressFeature::Cancel::Offered);
    silent.report("Uploading");
    CHECK(rig.received().empty());
}

TEST_CASE("Cancel reaches the work that it belongs to, and no other") {
    ProgressRig rig;
    auto first = rig.shown();
    const auto second = rig.progress.begin("Other", ProgressFeature::Cancel::Offered, 7);
    rig.received();
    rig.deliver({{"method", "window/workDoneProgress/cancel"}, {"params", {{"token", "aml-1"}}}});
    CHECK(first.stop_token().stop_requested());
    CHECK_FALSE(second.stop_token().stop_requested());
    rig.deliver({{"method", "window/workDoneProgress/cancel"}, {"params", {{"token", 7}}}});
    CHECK(second.stop_token().stop_requested());
    rig.deliver({{"method", "window/workDoneProgress/cancel"}, {"params", {{"token", "unknown"}}}});
    CHECK(rig.log->contains("window/workDoneProgress/cancel"));
}

TEST_CASE("a progress may outlive the feature") {
    std::optional<Progress> survivor;
    {
        ProgressRig rig;
        survivor.emplace(rig.progress.begin("Submitting", ProgressFeature::Cancel::Offered, 1));
        rig.received();
    }
    survivor->report("Uploading");
    survivor.reset();
}
