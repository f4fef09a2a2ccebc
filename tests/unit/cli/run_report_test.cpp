#include "cli/run_report.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <limits>

using namespace aml;
using namespace aml::cli;
using namespace std::chrono_literals;

namespace {

runs::RunSnapshot failed_run() {
    runs::RunSnapshot run;
    run.job = azure::ResourceId::workspace("s", "g", "w").child("jobs", "r1");
    run.display_name = "train";
    run.experiment = "mnist";
    run.status = "Failed";
    run.started_at = async::Clock::TimePoint(1'700'000'000s);
    run.ended_at = async::Clock::TimePoint(1'700'000'065s);
    run.error = azure::RunError{.code = "UserError", .message = "exit code 1"};
    return run;
}

}  // namespace

TEST_CASE("the exit code tells the outcome of a run") {
    CHECK(exit_code_of("Completed") == ExitCode::Completed);
    CHECK(exit_code_of("Failed") == ExitCode::Failed);
    CHECK(exit_code_of("Canceled") == ExitCode::Cancelled);
    for (const auto* status : {"NotStarted", "Queued", "Running", "Finalizing", "CancelRequested"})
        CHECK(exit_code_of(status) == ExitCode::Unfinished);
}

TEST_CASE("durations are said in the two largest units") {
    CHECK(duration_text(850ms) == "850 ms");
    CHECK(duration_text(59'999ms) == "59 s");
    CHECK(duration_text(185s) == "3 min 5 s");
    CHECK(duration_text(130min) == "2 h 10 min");
}

TEST_CASE("a run for programs holds what is known and nothing else") {
    const auto json = run_json(failed_run(), async::Clock::TimePoint(1'800'000'000s));
    CHECK(json["name"] == "r1");
    CHECK(json["status"] == "Failed");
    CHECK(json["durationMs"] == 65'000);
    CHECK(json["startedAt"] == "2023-11-14T22:13:20.000Z");
    CHECK(json["error"]["code"] == "UserError");
    CHECK(!json.contains("studioUrl"));
    CHECK(!json.contains("createdAt"));
}

TEST_CASE("a run for people is one fact a line") {
    const Terminal terminal({});
    const auto lines = run_lines(terminal, failed_run(), async::Clock::TimePoint(1'800'000'000s));
    const std::vector<std::string> expected{"name          r1",
                                            "display name  train",
                                            "experiment    mnist",
                                            "status        Failed",
                                            "duration      1 min 5 s",
                                            "error         UserError: exit code 1"};
    CHECK(lines == expected);
}

TEST_CASE("metrics are numbers where JSON knows the number") {
    std::vector<runs::MetricValue> metrics;
    metrics.push_back({.name = "accuracy", .value = "0.9467", .number = 0.9467, .step = 20});
    metrics.push_back({.name = "loss",
                       .value = "NaN",
                       .number = std::numeric_limits<double>::quiet_NaN(),
                       .step = 20});
    const auto json = metrics_json(metrics);
    CHECK(json["accuracy"] == 0.9467);
    CHECK(json["loss"] == "NaN");
    CHECK(metric_lines(metrics) ==
          std::vector<std::string>{"  accuracy  0.9467", "  loss      NaN"});
}
