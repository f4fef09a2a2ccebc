#include "features/convert_runs.hpp"

#include "runs/run_status.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <limits>
#include <string>

using namespace aml;

TEST_CASE("the protocol names every status of the table") {
    for (const auto& choice : runs::group_choices) {
        for (const auto& status : runs::statuses_for_query(choice.group)) {
            CAPTURE(status);
            CHECK(protocol::RunStatus(status).is_known());
        }
    }
    for (const auto* status : {"Waiting", "Unknown", "NotFound"}) {
        CHECK(runs::find_status(status) != nullptr);
        CHECK(protocol::RunStatus(status).is_known());
    }
}

TEST_CASE("a run whose state nobody has told yet is not over") {
    runs::RunSnapshot run;
    run.job = azure::ResourceId::workspace("s", "g", "w").child("jobs", "r1");
    const auto wire = features::to_wire(run);
    CHECK(wire.status == "Unknown");
    CHECK_FALSE(wire.isFinal);
}

TEST_CASE("metrics that JSON has no number for cross the wire as they are shown") {
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
    runs::RunSnapshot run;
    run.metrics = {{.name = "accuracy", .value = "0.97", .number = 0.97},
                   {.name = "best", .value = "-Infinity", .number = -infinity},
                   {.name = "loss", .value = "NaN", .number = nan},
                   {.name = "stage", .value = "warm-up"}};
    const auto wire = protocol::encode(features::to_wire(run));
    CHECK(wire["metrics"] == nlohmann::json{{"accuracy", 0.97}});
    CHECK(wire["metricTexts"] ==
          nlohmann::json{
              {"accuracy", "0.97"}, {"best", "-Infinity"}, {"loss", "NaN"}, {"stage", "warm-up"}});
    run.metrics = {{.name = "loss", .value = "NaN", .number = nan}};
    CHECK_FALSE(protocol::encode(features::to_wire(run)).contains("metrics"));
    // What arrives is what was sent: nothing has become null on the way.
    CHECK(nlohmann::json::parse(wire.dump()) == wire);
}
