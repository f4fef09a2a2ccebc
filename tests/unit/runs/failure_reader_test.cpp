#include "runs/failure_reader.hpp"

#include "support/azure_session.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace aml;
using namespace aml::runs;
using nlohmann::json;

namespace {

using Paths = std::vector<std::string>;

struct FailedRun : test::AzureSession {
    /// A run that left these logs.
    explicit FailedRun(const Paths& logs) {
        know_data_plane();
        json files = json::object();
        for (const auto& path : logs) files[path] = "http://127.0.0.1:9/blob/" + path;
        http.expect_get(data("history/v1.0", "/runs/a/details"))
            .reply(200, {{"runId", "a"}, {"status", "Failed"}, {"logFiles", files}});
    }

    /// What Azure says about it.
    std::string error;

    /// The log is read next.
    void expect(const std::string& path, const std::string& text) {
        const auto range = fmt::format("bytes 0-{}/{}", text.size() - 1, text.size());
        http.expect_get("http://127.0.0.1:9/blob/" + path)
            .reply_text(206, text, {{"Content-Range", range}});
    }

    Failure read() {
        RunSnapshot snapshot;
        snapshot.job = job("a");
        snapshot.status = "Failed";
        if (!error.empty()) snapshot.error = azure::RunError{"UserError", error};
        RunLog log_of_run(access, clock, snapshot.job);
        const auto failure = test::run(loop, read_failure(log_of_run, snapshot, {}));
        REQUIRE(failure);
        return *failure;
    }
};

std::string raised(const std::string& exception) {
    return "Traceback (most recent call last):\n  File \"/wd/train.py\", line 9\n" + exception +
           "\n";
}

constexpr auto first_process = "user_logs/std_log_process_00.txt";
constexpr auto second_process = "user_logs/std_log_process_01.txt";
constexpr auto third_process = "user_logs/std_log_process_02.txt";

}  // namespace

TEST_CASE("the main log says why a run failed, and no other is read") {
    const auto text = raised("ValueError: x");
    FailedRun run(Paths{first_process, second_process});
    run.expect(first_process, text);
    const auto failure = run.read();
    CHECK(failure.title == "ValueError: x");
    CHECK(failure.log == first_process);
}

TEST_CASE("where a process only tells of another, that one's log says why") {
    const auto consequence = raised("torch.distributed.DistBackendError: NCCL error");
    FailedRun run(Paths{first_process, second_process, third_process});
    run.expect(first_process, consequence);
    run.expect(second_process, raised("ValueError: x"));
    auto failure = run.read();
    CHECK(failure.title == "ValueError: x");
    CHECK(failure.log == second_process);
    FailedRun unknown(Paths{first_process, second_process});
    unknown.expect(first_process, consequence);
    unknown.expect(second_process, "step 1\n");
    failure = unknown.read();
    CHECK(failure.log == first_process);
}

TEST_CASE("the log of the process that Azure names is read first") {
    FailedRun run(Paths{first_process, second_process});
    run.error =
        "User process 'python' of rank 1 exited with status code 1. Please check log file "
        "'user_logs/std_log_process_01.txt' for error details.";
    run.expect(second_process, raised("ValueError: x"));
    const auto failure = run.read();
    CHECK(failure.title == "ValueError: x");
    CHECK(failure.log == second_process);
}

TEST_CASE("a run without logs has a failure as well") {
    FailedRun run(Paths{"system_logs/lifecycler/lifecycler.log"});
    const auto failure = run.read();
    CHECK(failure.log.empty());
    CHECK(failure.title == "The run failed, and Azure ML does not say why.");
}
