#include "runs/silence_watch.hpp"

#include "support/azure_session.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace aml;
using namespace std::chrono_literals;
using nlohmann::json;
using runs::RunSnapshot;
using test::run;

namespace {

struct SilenceFixture : test::AzureSession {
    SilenceFixture() { know_data_plane(); }

    ~SilenceFixture() {
        run(loop, silence.shut_down());
        run(loop, watcher.shut_down());
    }

    /// What run history says of the run from now on.
    void goes_on(const std::string& status) {
        const json metadata = {{"runId", "a"}, {"status", status}, {"revision", 1}};
        http.expect_post(data("history/v1.0", "/batchrundata"))
            .reply(200, {{"successfulResults", {{"a", {{"runMetadata", metadata}}}}}})
            .any_times();
    }

    void watch(const std::string& script = "/train.py") {
        RunSnapshot snapshot;
        snapshot.job = job("a");
        snapshot.experiment = "mnist";
        snapshot.script = script;
        snapshot.status = "Starting";
        snapshot.created_at = clock.now();
        watcher.watch(snapshot);
    }

    /// The first snapshot that fits.
    template <typename Fits>
    RunSnapshot wait_for(Fits fits) {
        std::uint64_t seen = 0;
        for (;;) {
            auto snapshot = run(loop, watcher.wait_for_change(job("a"), seen, {}));
            if (fits(snapshot)) return snapshot;
            seen = snapshot.revision;
        }
    }

    runs::RunWatcher watcher{loop.get_executor(), access, clock, random, state, log};
    runs::SilenceWatch silence{
        loop.get_executor(), access, watcher, clock, log, [](const auto& run) {
            return !run.script.empty();
        }};
};

bool is_silent(const RunSnapshot& snapshot) {
    return snapshot.silent_for.has_value();
}

}  // namespace

TEST_CASE_FIXTURE(SilenceFixture,
                  "a run that waits longer than earlier ones is said to be silent") {
    const json earlier = {{"runId", "old"},
                          {"status", "Completed"},
                          {"createdUtc", "2025-12-01T00:00:00Z"},
                          {"startTimeUtc", "2025-12-01T00:07:00Z"},
                          {"endTimeUtc", "2025-12-01T01:00:00Z"}};
    auto& asked = http.expect_post(data("history/v1.0", "/experiments/mnist/runs:query"))
                      .reply(200, {{"value", {earlier}}});
    goes_on("Queued");
    watch();
    const auto snapshot = wait_for(is_silent);
    CHECK(*snapshot.silent_for == 20min);
    CHECK(asked.served() == 1);
}

TEST_CASE_FIXTURE(SilenceFixture,
                  "a run at work is silent when neither its log nor its metrics grow") {
    goes_on("Running");
    http.expect_post(data("history/v1.0", "/experiments/mnist/runs:query"))
        .reply(200, {{"value", json::array()}});
    http.expect_post(data("metric/v2.0", "/runs/a/lastvalues"))
        .reply(200, {{"value", json::array()}})
        .any_times();
    const auto blob = std::string(api) + "/blob?sig=1";
    auto& details = http.expect_get(data("history/v1.0", "/runs/a/details"))
                        .reply(200, {{"logFiles", {{"user_logs/std_log.txt", blob}}}})
                        .any_times();
    http.expect_get(blob).reply_text(206, "1", {{"Content-Range", "bytes 0-0/1"}}).any_times();
    watch();
    const auto snapshot = wait_for(is_silent);
    // The first look finds a line; the fourth after that finds it too old.
    CHECK(*snapshot.silent_for >= 30min);
    CHECK(details.served() <= 6);
}

TEST_CASE_FIXTURE(SilenceFixture, "a run that is of no interest is left alone") {
    goes_on("Queued");
    watch({});
    const auto later = clock.now() + 3h;
    while (clock.now() < later) {
        loop.restart();
        loop.run_one();
    }
    CHECK_FALSE(watcher.find(job("a"))->silent_for);
}
