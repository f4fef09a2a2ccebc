#include "views/stages.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace aml;
using namespace aml::views;
using namespace std::chrono_literals;

namespace {

const async::Clock::TimePoint midnight{std::chrono::sys_days(std::chrono::year{2026} / 11 / 30)};

runs::RunSnapshot run_with(const std::string& status) {
    runs::RunSnapshot run;
    run.status = status;
    run.created_at = midnight;
    return run;
}

runs::RunSnapshot ended_run(const std::string& status,
                            std::chrono::milliseconds wait,
                            std::chrono::milliseconds work) {
    auto run = run_with(status);
    run.started_at = midnight + wait;
    run.ended_at = midnight + wait + work;
    return run;
}

}  // namespace

TEST_CASE("a run that waits says what it waits for") {
    auto run = run_with("Queued");
    run.queueing_message = "No node is free.";
    const auto stages = stages_of(run, {.waiting = 90s, .running = 600s});
    REQUIRE(stages.size() == 2);
    CHECK(stages[0].state == StageState::Active);
    CHECK(stages[0].started_at == midnight);
    CHECK(stages[0].text == "No node is free.");
    CHECK(stages[0].usual == 90s);
    CHECK(stages[1].state == StageState::Ahead);
    CHECK_FALSE(stages[1].started_at);
    CHECK(stages[1].usual == 600s);
}

TEST_CASE("a run at work has waited") {
    auto run = run_with("Running");
    run.started_at = midnight + 5s;
    const auto stages = stages_of(run, {});
    REQUIRE(stages.size() == 2);
    CHECK(stages[0].state == StageState::Done);
    CHECK(stages[0].ended_at == midnight + 5s);
    CHECK(stages[1].state == StageState::Active);
    CHECK_FALSE(stages[1].usual);
}

TEST_CASE("a run whose outputs are collected has run") {
    auto run = run_with("Finalizing");
    run.started_at = midnight + 5s;
    const auto stages = stages_of(run, {});
    REQUIRE(stages.size() == 3);
    CHECK(stages[1].state == StageState::Done);
    CHECK(stages[2].state == StageState::Active);
}

TEST_CASE("a run ends well or fails in the stage that it is in") {
    CHECK(stages_of(ended_run("Completed", 5s, 60s), {})[1].state == StageState::Done);
    CHECK(stages_of(ended_run("Failed", 5s, 60s), {})[1].state == StageState::Failed);
    auto never_started = run_with("Canceled");
    never_started.ended_at = midnight + 7s;
    const auto stages = stages_of(never_started, {});
    CHECK(stages[0].state == StageState::Failed);
    CHECK(stages[0].ended_at == midnight + 7s);
    CHECK(stages[1].state == StageState::Ahead);
}
