#include "runs/run_watcher.hpp"
#include "support/azure_session.hpp"
#include "support/settle.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

using namespace aml;
using namespace std::chrono_literals;
using nlohmann::json;
using runs::RunSnapshot;
using runs::RunWatcher;

namespace {

/// Two windows on one computer.
struct TwoWindows : test::AzureSession {
    TwoWindows() { know_data_plane(); }

    ~TwoWindows() {
        test::run(loop, first.shut_down());
        test::run(loop, second.shut_down());
    }

    test::ExpectedCall& history_says(const std::string& status, int revision) {
        const json metadata = {
            {"runId", "a"}, {"status", status}, {"revision", revision}, {"target", "cpu"}};
        return http.expect_post(data("history/v1.0", "/batchrundata"))
            .reply(200, {{"successfulResults", {{"a", {{"runMetadata", metadata}}}}}});
    }

    void pass(std::chrono::seconds time) {
        for (auto passed = 0s; passed < time; passed += 1s) {
            still.advance(1s);
            test::settle(loop, pool);
        }
    }

    static RunSnapshot started() {
        RunSnapshot snapshot;
        snapshot.job = job("a");
        snapshot.status = "Starting";
        return snapshot;
    }

    test::FakeClock still;
    RunWatcher first{loop.get_executor(), access, still, random, state, log};
    RunWatcher second{loop.get_executor(), access, still, random, state, log};
};

}  // namespace

TEST_CASE_FIXTURE(TwoWindows, "two windows ask no more often than one") {
    auto& asked = history_says("Running", 1).any_times();
    first.watch(started());
    pass(600s);
    const auto calls_of_one = asked.served();
    CHECK(calls_of_one > 20);
    second.watch(started());
    pass(600s);
    CHECK(second.find(job("a"))->status == "Running");
    CHECK(second.find(job("a"))->target == "cpu");
    // It begins with short waits, as the first has done.
    CHECK(asked.served() - calls_of_one <= calls_of_one + 3);
}

TEST_CASE_FIXTURE(TwoWindows, "a window asks itself when the other has gone") {
    auto& asked = history_says("Running", 1).any_times();
    first.watch(started());
    second.watch(started());
    pass(60s);
    test::run(loop, first.shut_down());
    const auto before = asked.served();
    pass(120s);
    CHECK(asked.served() >= before + 3);
}
