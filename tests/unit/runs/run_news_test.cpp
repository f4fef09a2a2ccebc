#include "runs/run_news.hpp"

#include "support/chinese.hpp"
#include "support/fake_clock.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml;
using namespace std::chrono_literals;
using runs::RunSnapshot;

namespace {

RunSnapshot run_named(const std::string& name, const std::string& status) {
    RunSnapshot run;
    const auto workspace = azure::ResourceId::parse(
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/"
        "workspaces/w");
    run.job = workspace->child("jobs", name);
    run.experiment = "mnist";
    run.status = status;
    run.created_at = test::new_year();
    if (run.phase() != runs::RunPhase::Waiting) run.started_at = test::new_year() + 10s;
    if (run.is_final()) run.ended_at = test::new_year() + 10s + 4min + 12s;
    return run;
}

RunSnapshot with_accuracy(RunSnapshot run) {
    run.metrics = {{.name = "accuracy", .value = "0.953", .number = 0.953}};
    return run;
}

runs::RunNews news(const std::vector<RunSnapshot>& active,
                   const std::vector<RunSnapshot>& failed = {}) {
    return runs::news_of(active, failed, test::new_year() + 10min);
}

}  // namespace

TEST_CASE("the end of a run is told with its name, its duration and its main metric") {
    const auto completed = run_named("mnist-1", "Completed");
    CHECK(runs::end_text(completed, {}) == "mnist-1 completed after 4 min 12 s.");
    CHECK(runs::end_text(with_accuracy(completed), {}) ==
          "mnist-1 completed after 4 min 12 s · accuracy 0.953");
    auto titled = with_accuracy(completed);
    titled.display_name = "MNIST";
    CHECK(runs::end_text(titled, {}) == "MNIST completed after 4 min 12 s · accuracy 0.953");
    CHECK(runs::end_text(run_named("mnist-1", "Canceled"), {}) ==
          "mnist-1 was cancelled after 4 min 12 s.");
}

TEST_CASE("the end of a sweep is told with its best trial") {
    auto sweep = run_named("search", "Completed");
    sweep.sweep.emplace();
    sweep.sweep->metric = "accuracy";
    CHECK(runs::end_text(sweep, {}) == "search completed after 4 min 12 s.");
    sweep.sweep->best_trial = "search_7";
    sweep.sweep->score = "0.9530000000000001";
    CHECK(runs::end_text(sweep, {}) ==
          "search completed after 4 min 12 s · best accuracy 0.953 in trial 7");
}

TEST_CASE("the end of a run that failed is told with the first line of the cause") {
    const auto failed = run_named("mnist-1", "Failed");
    const runs::Failure failure{.title = "ValueError: no digits", .text = "more"};
    CHECK(runs::end_text(failed, failure) ==
          "mnist-1 failed after 4 min 12 s: ValueError: no digits");
    CHECK(runs::end_text(failed, {}) == "mnist-1 failed after 4 min 12 s.");
}

TEST_CASE("one run is told with its stage, its main metric and its duration in minutes") {
    const auto one = news({with_accuracy(run_named("mnist-1", "Running"))});
    CHECK(one.active == 1);
    CHECK(one.text == "mnist-1 · running · accuracy 0.953 · 9 min");
    CHECK(one.icon == "sync~spin");
    CHECK(one.background.empty());
    CHECK(one.lines ==
          std::vector<std::string>{"mnist-1 · mnist · running · accuracy 0.953 · 9 min"});
    CHECK(one.run->name() == "mnist-1");
    CHECK(news({run_named("a", "Queued")}).text == "a · waiting for a node · 10 min");
}

TEST_CASE("several runs are counted by how far they are, and listed") {
    const auto several = news({run_named("a", "Running"),
                               run_named("b", "Queued"),
                               run_named("c", "Running"),
                               run_named("d", "Paused")});
    CHECK(several.active == 4);
    CHECK(several.text == "2 running · 1 waiting · 1 paused or lost");
    CHECK(several.lines.size() == 4);
    CHECK_FALSE(several.run);
    const auto many = news(std::vector<RunSnapshot>(30, run_named("a", "Queued")));
    CHECK(many.text == "30 waiting");
    CHECK(many.lines.size() == 21);
    CHECK(many.lines.back() == "and 10 more");
}

TEST_CASE("a run that failed stands beside those that go on") {
    const auto failed = run_named("bad", "Failed");
    const auto alone = news({}, {failed});
    CHECK(alone.text == "bad failed");
    CHECK(alone.icon == "error");
    CHECK(alone.background == "statusBarItem.errorBackground");
    CHECK(alone.run->name() == "bad");
    const auto beside = news({run_named("a", "Queued")}, {failed, failed});
    CHECK(beside.text == "a · waiting for a node · 10 min · 2 runs failed");
    CHECK(beside.lines.front() == "bad · mnist · failed");
    CHECK_FALSE(beside.run);
    CHECK(news({}).text.empty());
}

TEST_CASE("a run without a sign of life is told as such") {
    auto silent = run_named("mnist-1", "Running");
    silent.silent_for = 25min;
    const auto one = news({silent});
    CHECK(one.text == "mnist-1 · running · 9 min · no sign of life for 25 min");
    CHECK(one.icon == "warning");
    CHECK(one.background == "statusBarItem.warningBackground");
    CHECK(news({silent, run_named("b", "Queued")}).text ==
          "1 running · 1 waiting · one without a sign of life");
    silent.silent_for = 125min;
    CHECK(runs::silence_text(silent) == "no sign of life for 2 h 5 min");
}

TEST_CASE("news are told in Chinese") {
    const test::Chinese chinese;
    CHECK(runs::end_text(with_accuracy(run_named("mnist-1", "Completed")), {}) ==
          "mnist-1 在 4 分 12 秒 后完成 · accuracy 0.953");
    CHECK(news({run_named("a", "Running"), run_named("b", "Queued")}).text ==
          "1 个正在运行 · 1 个正在等待");
}
