#include "runs/life_signs.hpp"

#include "support/fake_clock.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace aml;
using namespace std::chrono_literals;
using runs::LifeSigns;
using runs::RunSnapshot;
using runs::UsualDurations;

namespace {

const auto start = test::new_year();

RunSnapshot in_state(const std::string& status) {
    RunSnapshot run;
    run.status = status;
    run.created_at = start;
    return run;
}

RunSnapshot lasted(const std::string& status,
                   std::chrono::seconds waiting,
                   std::chrono::seconds running) {
    auto run = in_state(status);
    run.started_at = start + waiting;
    run.ended_at = *run.started_at + running;
    return run;
}

azure::ResourceId job_named(const std::string& name) {
    return *azure::ResourceId::parse(
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/"
        "w/jobs/" +
        name);
}

}  // namespace

TEST_CASE("what is usual is the median of completed runs") {
    const auto usual = runs::usual_durations({lasted("Completed", 1s, 100s),
                                              lasted("Completed", 9s, 200s),
                                              lasted("Completed", 2s, 300s),
                                              lasted("Failed", 1000s, 1s),
                                              in_state("Running")});
    CHECK(usual.waiting == 2s);
    CHECK(usual.running == 200s);
    CHECK_FALSE(runs::usual_durations({in_state("Running")}).running);
}

TEST_CASE("what is usual for a sweep is not what is usual for its trials") {
    auto trial = lasted("Completed", 1s, 10s);
    trial.parent = "sweep";
    trial.job = job_named("trial");
    auto sweep = lasted("Completed", 5s, 500s);
    sweep.job = job_named("sweep");
    CHECK(runs::usual_durations({trial, trial, sweep}).running == 500s);
    CHECK_FALSE(runs::usual_durations({trial, sweep}, sweep).running);
    auto next = trial;
    next.job = job_named("next");
    CHECK(runs::usual_durations({trial, sweep}, next).running == 10s);
}

TEST_CASE("a run waits too long when it waits three times as long as earlier ones") {
    struct Case {
        std::optional<std::chrono::milliseconds> usual;
        std::chrono::minutes too_long;
    };

    for (const auto& [usual, too_long] : std::vector<Case>{
             {std::nullopt, 45min}, {1min, 15min}, {5min, 15min}, {20min, 60min}, {0min, 15min}}) {
        CAPTURE(too_long.count());
        const LifeSigns signs(in_state("Queued"), start + 2min);
        const UsualDurations known{.waiting = usual};
        CHECK_FALSE(signs.silence(start + too_long - 1s, known));
        CHECK(signs.silence(start + too_long, known) == too_long);
        CHECK(signs.silence(start + too_long + 4min, known) == too_long);
        CHECK(signs.silence(start + too_long + 5min, known) == too_long + 5min);
        CHECK_FALSE(signs.wants_look(start + too_long));
    }
}

TEST_CASE("another status and another reason to wait are signs of life") {
    LifeSigns signs(in_state("Queued"), start);
    auto run = in_state("Queued");
    run.queueing_message = "2 jobs ahead";
    signs.see(run, start + 40min);
    CHECK_FALSE(signs.silence(start + 50min, {}));
    signs.see(in_state("Preparing"), start + 80min);
    signs.see(in_state("Preparing"), start + 90min);
    CHECK_FALSE(signs.silence(start + 124min, {}));
    CHECK(signs.silence(start + 125min, {}) == 45min);
}

TEST_CASE("a run at work is looked at every ten minutes in which it has shown nothing") {
    LifeSigns signs(in_state("Running"), start);
    CHECK_FALSE(signs.wants_look(start + 9min));
    CHECK(signs.wants_look(start + 10min));
    signs.see_output("line 1", start + 10min);
    CHECK_FALSE(signs.wants_look(start + 19min));
    CHECK(signs.wants_look(start + 20min));
    auto run = in_state("Running");
    run.metrics = {{.name = "loss", .value = "0.5", .number = 0.5}};
    signs.see(run, start + 20min);
    CHECK_FALSE(signs.wants_look(start + 29min));
    run.watch_problem = runs::WatchProblem{.message = "no network"};
    signs.see(run, start + 29min);
    CHECK_FALSE(signs.wants_look(start + 31min));
    CHECK_FALSE(signs.silence(start + 600min, {}));
}

TEST_CASE("a run that logs is silent after three times its own longest pause") {
    LifeSigns signs(in_state("Running"), start);
    signs.see_output("line 1", start + 10min);
    signs.see_output("line 2", start + 25min);
    for (const auto at : {35min, 45min, 55min, 65min}) {
        signs.see_output("line 2", start + at);
        CHECK_FALSE(signs.silence(start + at, {}));
    }
    signs.see_output("line 2", start + 75min);
    CHECK(signs.silence(start + 75min, {}) == 50min);
    signs.see_output("line 3", start + 80min);
    CHECK_FALSE(signs.silence(start + 80min, {}));
}

TEST_CASE("a run that logs nothing is silent when earlier ones were over by then") {
    struct Case {
        std::optional<std::chrono::milliseconds> usual;
        std::chrono::minutes too_long;
    };

    for (const auto& [usual, too_long] :
         std::vector<Case>{{std::nullopt, 60min}, {5min, 20min}, {100min, 100min}}) {
        CAPTURE(too_long.count());
        LifeSigns signs(in_state("Running"), start);
        const UsualDurations known{.running = usual};
        signs.see_output("", start + too_long - 1min);
        CHECK_FALSE(signs.silence(start + too_long + 1min, known));
        signs.see_output("", start + too_long + 1min);
        CHECK(signs.silence(start + too_long + 1min, known) == too_long);
    }
}

TEST_CASE("a computer that has slept does not take the run to be silent") {
    LifeSigns signs(in_state("Running"), start);
    signs.see_output("line 1", start + 10min);
    CHECK_FALSE(signs.silence(start + 10h, {}));
    CHECK(signs.wants_look(start + 10h));
    signs.see_output("line 9000", start + 10h);
    CHECK_FALSE(signs.silence(start + 10h, {}));
}

TEST_CASE("a run that is over or paused is not silent") {
    for (const auto* status : {"Completed", "Failed", "Paused", "NotResponding"}) {
        CAPTURE(status);
        LifeSigns signs(in_state("Running"), start);
        signs.see(in_state(status), start + 1min);
        CHECK_FALSE(signs.silence(start + 600min, {}));
        CHECK_FALSE(signs.wants_look(start + 600min));
    }
}
