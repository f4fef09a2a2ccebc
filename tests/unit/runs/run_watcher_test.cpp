#include "runs/run_watcher.hpp"

#include "support/azure_session.hpp"
#include "support/error_of.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace aml;
using nlohmann::json;
using runs::RunSnapshot;
using runs::RunWatcher;
using test::run;

namespace {

struct Fixture : test::AzureSession {
    Fixture() {
        know_data_plane();
        for (const auto* id : {"a", "b"}) {
            const json accuracy = {{"name", "accuracy"},
                                   {"columns", {{"accuracy", "Double"}}},
                                   {"value", {{{"step", 1}, {"data", {{"accuracy", 0.97}}}}}}};
            http.expect_post(data("metric/v2.0", "/runs/" + std::string(id) + "/lastvalues"))
                .any_times()
                .reply(200, {{"value", {accuracy}}});
        }
        watcher.subscribe([this](const std::vector<RunSnapshot>& changed) {
            for (const auto& snapshot : changed)
                told.push_back(snapshot.job.name() + " " + snapshot.status);
        });
    }

    ~Fixture() { run(loop, watcher.shut_down()); }

    static RunSnapshot started(const std::string& name) {
        RunSnapshot snapshot;
        snapshot.job = job(name);
        snapshot.display_name = "train";
        snapshot.experiment = "mnist";
        snapshot.status = "Starting";
        return snapshot;
    }

    /// Scripts one answer: run id -> status; `revision` rises with each call.
    test::ExpectedCall& answer(const std::map<std::string, std::string>& statuses,
                               json more = json::object()) {
        ++revision;
        json results = json::object();
        for (const auto& [id, status] : statuses) {
            json metadata = {{"runId", id}, {"status", status}, {"revision", revision}};
            metadata.update(more);
            results[id] = {{"runMetadata", std::move(metadata)}};
        }
        return http.expect_post(data("history/v1.0", "/batchrundata"))
            .reply(200, {{"successfulResults", results}});
    }

    RunSnapshot wait_final(const std::string& name) {
        std::uint64_t seen = 0;
        for (;;) {
            auto snapshot = run(loop, watcher.wait_for_change(job(name), seen, {}));
            if (snapshot.is_final()) return snapshot;
            seen = snapshot.revision;
        }
    }

    /// What the state directory says of watched runs, after all writing has ended.
    state::Entries saved() {
        run(loop, watcher.shut_down());
        return run(loop, state.load(workspace::StateFile::WatchedRuns));
    }

    std::int64_t revision = 0;
    std::vector<std::string> told;
    RunWatcher watcher{loop.get_executor(), access, clock, random, state, log};
};

std::string run_name(int number) {
    return fmt::format("r{:03}", number);
}

/// How often the metrics of a run were read.
std::size_t metrics_calls(const Fixture& fixture, const std::string& name) {
    std::size_t count = 0;
    for (const auto& request : fixture.http.requests())
        count += request.url.ends_with("/runs/" + name + "/lastvalues") ? 1U : 0U;
    return count;
}

std::vector<std::string> batches(const Fixture& fixture) {
    std::vector<std::string> ids;
    for (const auto& request : fixture.http.requests()) {
        const auto body = json::parse(request.body.view(), nullptr, false);
        if (!body.is_object() || !body.contains("requests")) continue;
        std::string line;
        for (const auto& [id, what] : body["requests"].items()) line += id + " ";
        ids.push_back(line);
    }
    return ids;
}

}  // namespace

TEST_CASE("all runs of a workspace are followed with one call per poll until they are final") {
    Fixture fixture;
    fixture.answer({{"a", "Queued"}, {"b", "Running"}});
    fixture.answer({{"a", "Running"}, {"b", "Completed"}});
    fixture.answer({{"a", "Failed"}},
                   {{"error", {{"error", {{"code", "UserError"}, {"message", "boom"}}}}}});
    fixture.watcher.watch(Fixture::started("a"));
    fixture.watcher.watch(Fixture::started("b"));
    const auto last = fixture.wait_final("a");
    CHECK(last.status == "Failed");
    REQUIRE(last.error.has_value());
    CHECK(last.error->message == "boom");
    CHECK(batches(fixture) == std::vector<std::string>{"a b ", "a b ", "a "});
    const auto with_metrics =
        run(fixture.loop, fixture.watcher.wait_for_change(Fixture::job("a"), 4, {}));
    REQUIRE(with_metrics.metrics.size() == 1);
    CHECK(with_metrics.metrics.front().value == "0.97");
    fixture.loop.poll();
    // The metrics come with the final status or after it.
    fixture.told.erase(std::unique(fixture.told.begin(), fixture.told.end()), fixture.told.end());
    CHECK(fixture.told == std::vector<std::string>{"a Starting",
                                                   "b Starting",
                                                   "a Queued",
                                                   "b Running",
                                                   "a Running",
                                                   "b Completed",
                                                   "a Failed"});
    CHECK(fixture.saved().empty());
}

TEST_CASE("waits grow while nothing changes and start again with a change") {
    Fixture fixture;
    for (const auto* status : {"Queued", "Queued", "Queued", "Queued", "Running", "Completed"})
        fixture.answer({{"a", status}});
    fixture.watcher.watch(Fixture::started("a"));
    fixture.wait_final("a");
    const std::vector<std::int64_t> expected{2000, 2000, 3000, 4500, 6750, 2000};
    const auto& sleeps = fixture.clock.sleeps();
    REQUIRE(sleeps.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CAPTURE(i);
        CHECK(sleeps[i].count() >= expected[i] * 8 / 10);
        CHECK(sleeps[i].count() <= expected[i] * 12 / 10);
    }
}

TEST_CASE("a run that starts after all others have ended is asked about as soon as the first") {
    Fixture fixture;
    fixture.answer({{"a", "Completed"}});
    fixture.answer({{"b", "Completed"}});
    fixture.watcher.watch(Fixture::started("a"));
    fixture.wait_final("a");
    fixture.watcher.watch(Fixture::started("b"));
    fixture.wait_final("b");
    const auto& sleeps = fixture.clock.sleeps();
    REQUIRE(sleeps.size() == 2);
    CHECK(sleeps[1].count() <= 2400);
}

TEST_CASE("a failed poll is shown in the snapshot, tried again and forgotten") {
    Fixture fixture;
    fixture.http.expect_post(Fixture::data("history/v1.0", "/batchrundata"))
        .reply(403, {{"error", {{"code", "AuthorizationFailed"}, {"message", "no"}}}});
    fixture.watcher.watch(Fixture::started("a"));
    auto snapshot = run(fixture.loop, fixture.watcher.wait_for_change(Fixture::job("a"), 1, {}));
    REQUIRE(snapshot.watch_problem.has_value());
    CHECK(snapshot.watch_problem->kind == ErrorKind::Forbidden);
    CHECK(snapshot.status == "Starting");
    fixture.answer({{"a", "Completed"}});
    snapshot = fixture.wait_final("a");
    CHECK_FALSE(snapshot.watch_problem.has_value());
}

TEST_CASE("an answer from a copy that lags behind changes nothing") {
    Fixture fixture;
    fixture.revision = 10;
    fixture.answer({{"a", "Running"}});
    fixture.revision = 5;
    fixture.answer({{"a", "Queued"}});
    fixture.revision = 11;
    fixture.answer({{"a", "Completed"}});
    fixture.watcher.watch(Fixture::started("a"));
    fixture.wait_final("a");
    fixture.loop.poll();
    CHECK(std::find(fixture.told.begin(), fixture.told.end(), "a Queued") == fixture.told.end());
}

TEST_CASE("once it says so, whoever starts next would follow the same runs") {
    Fixture fixture;
    fixture.watcher.pause();
    for (const auto* name : {"a", "b"}) fixture.watcher.watch(Fixture::started(name));
    run(fixture.loop, fixture.watcher.saved({}));
    const auto entries = run(fixture.loop, fixture.state.load(workspace::StateFile::WatchedRuns));
    CHECK(entries.size() == 2);
}

TEST_CASE(
    "runs that were not final are followed again after a restart, those of another cloud are not") {
    test::AzureSession session;
    session.know_data_plane();
    auto entries = [](state::Entries& all) {
        const json run = {{"job", Fixture::job("a").to_string()},
                          {"displayName", "train"},
                          {"experiment", "e"},
                          {"status", "Queued"},
                          {"armEndpoint", Fixture::arm}};
        all["a"] = run;
        all["b"] = run;
        all["b"]["job"] = Fixture::job("b").to_string();
        all["b"]["armEndpoint"] = "https://management.azure.com";
        all["c"] = "damaged";
    };
    run(session.loop, session.state.update(workspace::StateFile::WatchedRuns, entries));
    RunWatcher watcher(session.loop.get_executor(),
                       session.access,
                       session.clock,
                       session.random,
                       session.state,
                       session.log);
    auto& held = session.http.expect_post(Fixture::data("history/v1.0", "/batchrundata")).hold();
    CHECK(run(session.loop, watcher.resume_saved()) == 1);
    REQUIRE(watcher.runs().size() == 1);
    CHECK(watcher.runs().front().status == "Queued");
    CHECK(watcher.runs().front().display_name == "train");
    while (held.served() == 0) session.loop.run_one();
    run(session.loop, watcher.shut_down());
}

TEST_CASE("a run that run history does not know is looked for among the jobs") {
    Fixture fixture;
    for (int i = 0; i < 6; ++i) fixture.answer({});
    const auto path = Fixture::job("a").to_string() + "?api-version=2025-12-01";
    fixture.http.expect_get(path).reply(
        200,
        {{"id", Fixture::job("a").to_string()},
         {"name", "a"},
         {"properties", {{"jobType", "Command"}, {"status", "Preparing"}}}});
    fixture.http.expect_get(path).reply(
        404, {{"error", {{"code", "UserError"}, {"message", "Job a not found."}}}});
    fixture.watcher.watch(Fixture::started("a"));
    const auto snapshot =
        run(fixture.loop, fixture.watcher.wait_for_change(Fixture::job("a"), 1, {}));
    CHECK(snapshot.status == "Preparing");
    const auto last = fixture.wait_final("a");
    CHECK(last.status == "NotFound");
    CHECK(last.watch_problem->message ==
          "Azure ML has no such run any more: it may have been deleted.");
    CHECK(fixture.saved().empty());
}

TEST_CASE("while it is paused nobody is asked, and resuming asks at once") {
    Fixture fixture;
    fixture.watcher.pause();
    fixture.watcher.watch(Fixture::started("a"));
    fixture.loop.poll();
    CHECK(batches(fixture).empty());
    fixture.answer({{"a", "Completed"}});
    fixture.watcher.resume();
    CHECK(fixture.wait_final("a").status == "Completed");
    CHECK(fixture.clock.sleeps().empty());
}

TEST_CASE("a run in an unknown state is polled slowly and is not the end") {
    Fixture fixture;
    fixture.answer({{"a", "NotResponding"}});
    fixture.answer({{"a", "Running"}});
    fixture.answer({{"a", "Completed"}});
    fixture.watcher.watch(Fixture::started("a"));
    CHECK(fixture.wait_final("a").status == "Completed");
    CHECK(fixture.clock.sleeps().at(1).count() >= 24'000);
    CHECK(fixture.clock.sleeps().at(2).count() <= 2'400);
}

TEST_CASE("whoever waits for a run that is not followed is told so, and a wait can be cancelled") {
    Fixture fixture;
    const auto kind = [&](const std::string& name, std::stop_token stop) {
        const auto wait = [&] {
            run(fixture.loop, fixture.watcher.wait_for_change(Fixture::job(name), 1, stop));
        };
        return test::error_of(wait).kind();
    };
    CHECK(kind("unknown", {}) == ErrorKind::NotFound);
    auto final = Fixture::started("a");
    final.status = "Completed";
    fixture.watcher.watch(final);
    std::stop_source stop;
    stop.request_stop();
    CHECK(kind("a", stop.get_token()) == ErrorKind::Cancelled);
    CHECK(fixture.saved().empty());
}

TEST_CASE("asking about one of many runs again and again does not ask about all of them") {
    constexpr int count = 250;
    constexpr std::size_t rounds = 10;
    Fixture fixture;
    json results = json::object();
    for (int i = 0; i < count; ++i) {
        const json running = {{"runId", run_name(i)}, {"status", "Running"}, {"revision", 1}};
        results[run_name(i)] = {{"runMetadata", running}};
    }
    fixture.http.expect_post(Fixture::data("history/v1.0", "/batchrundata"))
        .any_times()
        .reply(200, {{"successfulResults", results}});
    for (int i = 0; i < count; ++i) fixture.watcher.watch(Fixture::started(run_name(i)));
    const auto all_known = [&] {
        const auto all = fixture.watcher.runs();
        return std::all_of(
            all.begin(), all.end(), [](const auto& each) { return each.status == "Running"; });
    };
    fixture.loop.restart();
    while (!all_known()) fixture.loop.run_one();
    // The first look at each takes no more calls than that needs.
    CHECK(batches(fixture).size() == 3);
    const auto& sleeps = fixture.clock.sleeps();
    for (std::size_t round = 1; round <= rounds; ++round) {
        // Until nothing is under way.
        for (const auto slept = sleeps.size(); sleeps.size() == slept;) fixture.loop.run_one();
        const auto asked = batches(fixture).size();
        fixture.watcher.ask_soon(Fixture::job("r000"));
        while (batches(fixture).size() == asked) fixture.loop.run_one();
    }
    const auto all = batches(fixture);
    CHECK(all.size() == 3 + rounds);
    const auto of_it = std::count_if(all.begin(), all.end(), [](const std::string& ids) {
        return ids.find("r000 ") != std::string::npos;
    });
    CHECK(of_it > static_cast<std::ptrdiff_t>(rounds / 2));
}

TEST_CASE("the metrics of a run on show are read less often while nothing new is logged") {
    Fixture fixture;
    for (int i = 0; i < 30; ++i) fixture.answer({{"a", "Running"}});
    fixture.answer({{"a", "Completed"}});
    fixture.watcher.watch(Fixture::started("a"));
    fixture.watcher.add_viewers(Fixture::job("a"), 1);
    fixture.wait_final("a");
    run(fixture.loop, fixture.watcher.wait_for_end(Fixture::job("a"), {}));
    // Some two minutes of polls: the first value is new, then after 10 s, 20 s, 40 s and 60 s, and
    // the last one.
    CHECK(batches(fixture).size() == 31);
    CHECK(metrics_calls(fixture, "a") >= 5);
    CHECK(metrics_calls(fixture, "a") <= 8);
}

TEST_CASE("who shows no live metrics has them read once, at the end") {
    Fixture fixture;
    RunWatcher watcher(fixture.loop.get_executor(),
                       fixture.access,
                       fixture.clock,
                       fixture.random,
                       fixture.state,
                       fixture.log,
                       RunWatcher::LiveMetrics::Skip);
    for (const auto* status : {"Running", "Running", "Running", "Completed"})
        fixture.answer({{"a", status}});
    watcher.watch(Fixture::started("a"));
    watcher.add_viewers(Fixture::job("a"), 1);
    const auto last = run(fixture.loop, watcher.wait_for_end(Fixture::job("a"), {}));
    CHECK(last.status == "Completed");
    REQUIRE(last.metrics.size() == 1);
    CHECK(metrics_calls(fixture, "a") == 1);
    run(fixture.loop, watcher.shut_down());
}

TEST_CASE("the metrics of a run that was over already are read when somebody waits for them") {
    Fixture fixture;
    auto over = Fixture::started("a");
    over.status = "Completed";
    fixture.watcher.watch(over);
    fixture.loop.poll();
    CHECK(metrics_calls(fixture, "a") == 0);
    for (int i = 0; i < 2; ++i) {
        const auto last = run(fixture.loop, fixture.watcher.wait_for_end(Fixture::job("a"), {}));
        CHECK(last.metrics.size() == 1);
    }
    CHECK(metrics_calls(fixture, "a") == 1);
}
