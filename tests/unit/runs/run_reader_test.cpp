#include "runs/run_reader.hpp"

#include "support/azure_session.hpp"
#include "support/error_of.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace aml;
using nlohmann::json;
using runs::RunSnapshot;
using test::run;

namespace {

constexpr auto version = "?api-version=2025-12-01";

struct ReaderFixture : test::AzureSession {
    ReaderFixture() { know_data_plane(); }

    azure::Client& client() { return run(loop, access.connect({}))->client; }

    static json job_json(const std::string& name) {
        return {
            {"id", job(name).to_string()},
            {"name", name},
            {"properties",
             {{"jobType", "Command"},
              {"status", "Starting"},
              {"displayName", "train"},
              {"experimentName", "mnist"},
              {"services", {{"Studio", {{"endpoint", "https://studio/" + name}}}}}}},
            {"systemData", {{"createdAt", "2026-01-01T08:00:00Z"}, {"createdBy", "Ada Lovelace"}}}};
    }

    static json run_json(const std::string& id) {
        return {{"runId", id},
                {"status", "Running"},
                {"target", "cpu"},
                {"startTimeUtc", "2026-01-01T08:05:00Z"}};
    }

    static std::string page(int number) {
        const auto list = workspace().to_string() + "/jobs" + version + "&listViewType=ActiveOnly";
        return number == 0 ? list : fmt::format("{}/page{}", arm, number);
    }

    /// Scripts one page of jobs; the number of the next is one more.
    test::ExpectedCall& jobs(int number, const std::vector<std::string>& names, bool last) {
        json body = {{"value", json::array()}};
        for (const auto& name : names) body["value"].push_back(job_json(name));
        if (!last) body["nextLink"] = page(number + 1);
        return http.expect_get(page(number)).reply(200, body);
    }

    test::ExpectedCall& batch(const std::vector<std::string>& ids) {
        json results = json::object();
        for (const auto& id : ids) results[id] = {{"runMetadata", run_json(id)}};
        return http.expect_post(data("history/v1.0", "/batchrundata"))
            .reply(200, {{"successfulResults", results}});
    }

    std::vector<RunSnapshot> list(std::size_t limit) {
        return run(loop, runs::list_runs(client(), workspace(), limit, {}));
    }
};

std::vector<std::string> names(const std::string& prefix, int count) {
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i) all.push_back(fmt::format("{}{:03}", prefix, i));
    return all;
}

/// The calls in the order in which they were made: "jobs", or how many runs were asked about.
std::vector<std::string> calls(const ReaderFixture& fixture) {
    std::vector<std::string> lines;
    for (const auto& request : fixture.http.requests()) {
        if (request.url.ends_with("/batchrundata")) {
            lines.push_back(std::to_string(json::parse(request.body.view()).at("requests").size()));
        } else if (request.url.find("/jobs") != std::string::npos ||
                   request.url.find("/page") != std::string::npos) {
            lines.emplace_back("jobs");
        }
    }
    return lines;
}

}  // namespace

TEST_CASE("a run is what ARM and run history say of it together") {
    ReaderFixture fixture;
    fixture.http.expect_get(ReaderFixture::job("a").to_string() + version)
        .reply(200, ReaderFixture::job_json("a"));
    fixture.http.expect_get(ReaderFixture::data("history/v1.0", "/runs/a"))
        .reply(200, ReaderFixture::run_json("a"));
    const auto found =
        run(fixture.loop, runs::find_run(fixture.client(), ReaderFixture::job("a"), {}));
    REQUIRE(found);
    CHECK(found->job == ReaderFixture::job("a"));
    CHECK(found->display_name == "train");
    CHECK(found->experiment == "mnist");
    CHECK(found->status == "Running");
    CHECK(found->target == "cpu");
    CHECK(found->created_by == "Ada Lovelace");
    CHECK(found->created_at);
    CHECK(found->started_at > found->created_at);
    CHECK(found->studio_url == "https://studio/a");
}

TEST_CASE("the trial of a sweep is known to run history only, and some runs to nobody") {
    ReaderFixture fixture;
    for (int i = 0; i < 2; ++i) {
        fixture.http.expect_get(ReaderFixture::job("a_1").to_string() + version)
            .reply(404, {{"error", {{"code", "UserError"}, {"message", "Job not found."}}}});
    }
    const auto history = ReaderFixture::data("history/v1.0", "/runs/a_1");
    fixture.http.expect_get(history).reply(200, ReaderFixture::run_json("a_1"));
    fixture.http.expect_get(history).reply_text(404);
    const auto find = [&] {
        return run(fixture.loop, runs::find_run(fixture.client(), ReaderFixture::job("a_1"), {}));
    };
    const auto trial = find();
    REQUIRE(trial);
    CHECK(trial->status == "Running");
    CHECK_FALSE(find());
}

TEST_CASE("what ARM says of a run does not replace its page, and what is missing nothing") {
    RunSnapshot known;
    known.studio_url = "https://studio/a?tid=t";
    known.status = "Running";
    azure::Job job;
    job.studio_url = "https://studio/a";
    const auto merged = runs::merged(known, job);
    CHECK(merged.studio_url == "https://studio/a?tid=t");
    CHECK(merged.status == "Running");
}

TEST_CASE("why a run waits is told while it waits") {
    azure::Run news;
    news.status = "Queued";
    news.queueing_message = "Waiting for 1 node.";
    auto run = runs::merged(RunSnapshot{}, news);
    CHECK(run.queueing_message == "Waiting for 1 node.");
    news.status = "Running";
    CHECK(runs::merged(run, news).queueing_message.empty());
}

TEST_CASE("why a run was cancelled is told") {
    const nlohmann::json document{
        {"runId", "a"}, {"status", "Canceled"}, {"cancelationReason", "Too expensive"}};
    const auto run = runs::merged(RunSnapshot{}, azure::run_from_json(document));
    CHECK(run.cancel_reason == "Too expensive");
}

TEST_CASE("run history is asked about one page of a listing while the next is on its way") {
    ReaderFixture fixture;
    auto all = names("a", 130);
    fixture.jobs(0, {all.begin(), all.begin() + 60}, false);
    fixture.jobs(1, {all.begin() + 60, all.begin() + 120}, false);
    auto& held = fixture.jobs(2, {all.begin() + 120, all.end()}, true).hold();
    fixture.batch({all.begin(), all.begin() + 100});
    fixture.batch({all.begin() + 100, all.end()});
    auto& client = fixture.client();
    std::vector<RunSnapshot> listed;
    auto listing = [&]() -> asio::awaitable<void> {
        auto found = co_await runs::list_runs(client, ReaderFixture::workspace(), 5000, {});
        listed = std::move(found);
    };
    fixture.tasks.spawn(listing());
    fixture.loop.restart();
    while (calls(fixture).size() < 4) fixture.loop.run_one();
    auto asked = calls(fixture);
    std::sort(asked.begin(), asked.end());
    CHECK(asked == std::vector<std::string>{"100", "jobs", "jobs", "jobs"});
    CHECK(held.served() == 1);
    held.release();
    while (listed.empty()) fixture.loop.run_one();
    CHECK(calls(fixture).back() == "30");
    REQUIRE(listed.size() == 130);
    CHECK(listed.front().job.name() == "a000");
    CHECK(listed.back().job.name() == "a129");
    CHECK(std::all_of(listed.begin(), listed.end(), [](const auto& item) {
        return item.status == "Running" && item.experiment == "mnist";
    }));
}

TEST_CASE("a listing asks for no more than is shown") {
    ReaderFixture fixture;
    fixture.jobs(0, names("a", 50), false);
    fixture.batch(names("a", 20));
    const auto listed = fixture.list(20);
    CHECK(listed.size() == 20);
    CHECK(calls(fixture) == std::vector<std::string>{"jobs", "20"});
    ReaderFixture empty;
    empty.jobs(0, {}, true);
    CHECK(empty.list(20).empty());
    CHECK(calls(empty) == std::vector<std::string>{"jobs"});
}

TEST_CASE("a listing fails when either half does") {
    ReaderFixture fixture;
    fixture.jobs(0, names("a", 3), true);
    fixture.http.expect_post(ReaderFixture::data("history/v1.0", "/batchrundata"))
        .reply(403, {{"error", {{"code", "AuthorizationFailed"}, {"message", "no"}}}});
    const auto list = [&] { fixture.list(20); };
    CHECK(test::error_of(list).kind() == ErrorKind::Forbidden);
}

TEST_CASE("the runs of an experiment come in large pages") {
    ReaderFixture fixture;
    json body = {{"value", json::array()}};
    for (const auto& name : names("a", 3)) body["value"].push_back(ReaderFixture::run_json(name));
    fixture.http.expect_post(ReaderFixture::data("history/v1.0", "/experiments/mnist/runs:query"))
        .with_json({{"orderBy", "CreatedUtc desc"}, {"top", 500}})
        .reply(200, body);
    const auto listed =
        run(fixture.loop,
            runs::list_runs_of(fixture.client(), ReaderFixture::workspace(), "mnist", 5000, {}));
    REQUIRE(listed.size() == 3);
    CHECK(listed.front().experiment == "mnist");
}

TEST_CASE("what is kept of a run says whose it is and what it is a part of") {
    RunSnapshot run;
    run.job = test::AzureSession::job("sweep_1");
    run.status = "Running";
    run.owner = "o1";
    run.parent = "sweep";
    const auto again = runs::run_snapshot_from_json(runs::to_json(run));
    REQUIRE(again);
    CHECK(runs::same_state(*again, run));
    run.parent.clear();
    CHECK_FALSE(runs::to_json(run).contains("parent"));
}

TEST_CASE("a run on several nodes, and of several processes, says so with its compute") {
    azure::Job job;
    job.name = "a";
    auto run = runs::run_of(test::AzureSession::workspace(), job);
    CHECK(run.place() == "serverless");
    azure::Run known;
    known.target = "cpu";
    known.nodes = 2;
    run = runs::merged(std::move(run), known);
    CHECK(run.place() == "cpu, 2 nodes");
    const auto kept = runs::run_snapshot_from_json(runs::to_json(run));
    REQUIRE(kept);
    CHECK(runs::same_state(*kept, run));
    job.nodes = 2;
    job.processes = 4;
    run = runs::merged(std::move(run), job);
    CHECK(run.place() == "cpu, 2 nodes × 4 processes");
    run.nodes = 1;
    CHECK(run.place() == "cpu, 4 processes");
}
