#include "runs/merged_log.hpp"

#include "runs/line_time.hpp"
#include "support/azure_session.hpp"
#include "support/error_of.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace aml;
using namespace aml::runs;
using nlohmann::json;
using test::run;

namespace {

constexpr std::uint64_t rank_piece = 1U << 20U;

using Files = std::map<std::string, std::string>;

struct RanksFixture : test::AzureSession {
    explicit RanksFixture(Files files)
        : logs(std::move(files)) {
        know_data_plane();
        details();
    }

    ~RanksFixture() { run(loop, watcher.shut_down()); }

    void details() {
        json addresses = json::object();
        for (const auto& [path, text] : logs) addresses[path] = address(path);
        http.expect_get(data("history/v1.0", "/runs/a/details"))
            .reply(200, {{"runId", "a"}, {"logFiles", addresses}});
    }

    static std::string address(const std::string& path) {
        return fmt::format("http://127.0.0.1:9/{}?sig=1", path);
    }

    /// Expects a read of what a file has from `offset` on.
    void rest(const std::string& path, std::uint64_t offset, std::uint64_t limit = rank_piece) {
        const auto& text = logs.at(path);
        auto& call =
            http.expect_get(address(path))
                .with_header("x-ms-range", fmt::format("bytes={}-{}", offset, offset + limit - 1));
        if (offset >= text.size()) {
            call.reply_text(416, "", {{"Content-Range", fmt::format("bytes */{}", text.size())}});
            return;
        }
        const auto bytes = text.substr(offset, limit);
        call.reply_text(
            206,
            bytes,
            {{"Content-Range",
              fmt::format("bytes {}-{}/{}", offset, offset + bytes.size() - 1, text.size())}});
    }

    LogChunk read(RunState run_state) { return run(loop, merged.read(run_state, {})); }

    Files logs;
    RunLog log_of_run{access, clock, job("a")};
    MergedLog merged{log_of_run};
    RunWatcher watcher{loop.get_executor(), access, clock, random, state, log};
};

std::vector<std::string> labels_of(const std::vector<std::string>& paths) {
    std::vector<std::string> labels;
    for (const auto& log : rank_logs(paths)) labels.push_back(log.label);
    return labels;
}

}  // namespace

TEST_CASE("the time of a line is read in the forms that scripts write") {
    const auto at = [](int hours, int microseconds) {
        return LineTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 28)) +
               std::chrono::hours(hours) + std::chrono::microseconds(microseconds);
    };
    const std::vector<std::pair<std::string, LineTime>> lines{
        {"2026-11-28T10:00:00.123Z start", at(10, 123'000)},
        {"2026-11-28T12:00:00+02:00 start", at(10, 0)},
        {"2026-11-28 10:00:00,5 INFO start", at(10, 500'000)},
        {"[2026-11-28 10:00:00,123] [INFO] [engine.py:1] start", at(10, 123'000)},
        {"[INFO|trainer.py:12] 2026-11-28 10:00:00,123 >> start", at(10, 123'000)},
        {"INFO:root:2026-11-28 10:00:00 start", at(10, 0)},
        {"2026/11/28 10:00:00 INFO mlflow: start", at(10, 0)},
        {"2026-11-28 10:00:00 -7 is a number", at(10, 0)},
        {"11/28/2026 10:00:00 - INFO - start", at(10, 0)},
        {"W1128 10:00:00.000123 42 torch/run.py:1] start", at(10, 123)},
        {"[rank0]:I1128 10:00:00.000123 start", at(10, 123)},
        {"2026-11-28T10:00:00.1234567890Z", at(10, 123'456)},
    };
    for (const auto& [line, time] : lines) {
        CAPTURE(line);
        CHECK(time_of_line(line, 2026) == time);
    }
    for (const char* line : {"",
                             "step 10:00:00",
                             "12026-11-28 10:00:00",
                             "2026-11-28",
                             "2026-13-28 10:00:00",
                             "2026-11/28 10:00:00",
                             "2026-11-28 25:00:00",
                             "x1128 10:00:00.1"}) {
        CAPTURE(line);
        CHECK_FALSE(time_of_line(line, 2026));
    }
    CHECK_FALSE(time_of_line(std::string(64, ' ') + "2026-11-28 10:00:00", 2026));
}

TEST_CASE("the processes of a run are told apart in all layouts") {
    using Labels = std::vector<std::string>;
    CHECK(labels_of({"user_logs/std_log.txt", "azureml-logs/70_driver_log_0.txt"}) == Labels{"0"});
    CHECK(labels_of({"user_logs/std_log_process_10.txt",
                     "user_logs/std_log_process_09.txt",
                     "user_logs/std_log_process_00.txt"}) == Labels{"0", "9", "10"});
    CHECK(labels_of({"user_logs/std_log_1.txt", "user_logs/std_log_0.txt"}) == Labels{"0", "1"});
    CHECK(labels_of({"azureml-logs/70_driver_log_1.txt",
                     "azureml-logs/70_driver_log_0.txt",
                     "azureml-logs/55_azureml-execution-x.txt"}) == Labels{"0", "1"});
    CHECK(labels_of({"user_logs/std_log_node_00_worker_0.txt",
                     "user_logs/std_log_node_01_worker_0.txt"}) ==
          Labels{"node_00_worker_0", "node_01_worker_0"});
    CHECK(labels_of({"azureml-logs/20_image_build_log.txt"}).empty());

    using Paths = std::vector<std::string>;
    CHECK(offered_logs({"user_logs/std_log.txt", "x"}) == Paths{"user_logs/std_log.txt", "x"});
    const Paths two{"user_logs/std_log_0.txt", "user_logs/std_log_1.txt", "x"};
    CHECK(offered_logs(two) == Paths{two[0], "all_ranks.log", two[1], "x"});
    CHECK(logs_meant("", two) == two);
    CHECK(logs_meant("x", two) == Paths{"x"});
    CHECK(logs_meant("all_ranks.log", two) == Paths{two[0], two[1]});
}

TEST_CASE("logs of processes are one log in the order of their times") {
    const std::string first = "user_logs/std_log_process_00.txt";
    const std::string second = "user_logs/std_log_process_10.txt";
    RanksFixture fixture(Files{
        {first, "hello\n2026-11-28 10:00:01 a\nTraceback\n  of a\n2026-11-28 10:00:03 \x1B[31mb\n"},
        {second, "2026-11-28 10:00:02 c\n10 %\r20 %\r\n2026-11-28 10:00:03 d\n2026-11-28 10:0"},
    });
    fixture.rest(first, 0);
    fixture.rest(second, 0);
    auto chunk = fixture.read(RunState::GoingOn);
    const std::string expected =
        "[ 0] hello\n"
        "[ 0] 2026-11-28 10:00:01 a\n"
        "[ 0] Traceback\n"
        "[ 0]   of a\n"
        "[10] 2026-11-28 10:00:02 c\n"
        "[10] 20 %\n"
        "[ 0] 2026-11-28 10:00:03 \x1B[31mb\x1B[0m\n"
        "[10] 2026-11-28 10:00:03 d\n";
    CHECK(chunk.text == expected);
    CHECK(chunk.path == "all_ranks.log");
    CHECK(chunk.offset == 0);
    CHECK(chunk.next_offset == expected.size());
    CHECK(chunk.at_end);
    CHECK_FALSE(chunk.complete);

    // What was written meanwhile, and the end of a line that was not whole.
    fixture.rest(first, fixture.logs[first].size());
    const auto known = fixture.logs[second].size();
    fixture.logs[second] += "0:04 e\nlast";
    fixture.rest(second, known);
    chunk = fixture.read(RunState::GoingOn);
    CHECK(chunk.text == "[10] 2026-11-28 10:00:04 e\n");
    CHECK(chunk.offset == expected.size());

    fixture.details();
    fixture.rest(first, fixture.logs[first].size());
    fixture.rest(second, fixture.logs[second].size());
    chunk = fixture.read(RunState::Final);
    CHECK(chunk.text == "[10] last\n");
    CHECK(chunk.complete);
}

TEST_CASE("long logs of processes are merged piece by piece") {
    const std::string first = "azureml-logs/70_driver_log_0.txt";
    const std::string second = "azureml-logs/70_driver_log_1.txt";
    Files logs;
    std::string expected;
    for (int i = 0; i < 60'000; ++i) {
        const auto line = fmt::format("2026-11-28 {:02}:{:02}:{:02} {}\n",
                                      i / 3600,
                                      i / 60 % 60,
                                      i % 60,
                                      std::string(60, 'x'));
        const bool is_second = i % 3 == 0;
        logs[is_second ? second : first] += line;
        expected += fmt::format("[{}] {}", is_second ? 1 : 0, line);
    }
    RanksFixture fixture(std::move(logs));
    for (const auto& path : {first, second}) {
        const auto size = fixture.logs[path].size();
        for (std::uint64_t at = 0; at < size; at += rank_piece) fixture.rest(path, at);
    }
    auto chunk = fixture.read(RunState::Final);
    CHECK_FALSE(chunk.at_end);
    auto text = chunk.text;
    CHECK(text.size() < (4U << 20U) + 200);
    fixture.http.expect_get(RanksFixture::address(first))
        .any_times()
        .reply_text(
            416, "", {{"Content-Range", fmt::format("bytes */{}", fixture.logs[first].size())}});
    fixture.http.expect_get(RanksFixture::address(second))
        .any_times()
        .reply_text(
            416, "", {{"Content-Range", fmt::format("bytes */{}", fixture.logs[second].size())}});
    while (!chunk.complete) {
        chunk = fixture.read(RunState::Final);
        text += chunk.text;
    }
    CHECK(text == expected);
}

TEST_CASE("what was merged before a failure is not lost, and a replaced file begins again") {
    const std::string first = "user_logs/std_log_0.txt";
    const std::string second = "user_logs/std_log_1.txt";
    RanksFixture fixture(Files{{first, std::string(rank_piece, 'x') + "\nb\n"}, {second, "c\n"}});
    fixture.rest(first, 0);
    fixture.rest(second, 0);
    fixture.http.expect_get(RanksFixture::address(first)).reply(409, json::object());
    auto chunk = fixture.read(RunState::GoingOn);
    CHECK(chunk.text.starts_with("[0] xxx"));
    CHECK_FALSE(chunk.at_end);
    fixture.rest(first, rank_piece);
    fixture.rest(second, 2);
    chunk = fixture.read(RunState::GoingOn);
    CHECK(chunk.text.find("[0] b\n") != std::string::npos);

    fixture.logs[second] = "d\n";
    fixture.logs[first] = "again\n";
    fixture.rest(first, rank_piece + 3);
    fixture.rest(first, 0);
    fixture.rest(second, 2);
    CHECK(fixture.read(RunState::GoingOn).text == "[0] again\n");
}

TEST_CASE("the end of all processes' logs is shared out among them") {
    const std::string first = "user_logs/std_log_0.txt";
    const std::string second = "user_logs/std_log_1.txt";
    RanksFixture fixture(Files{{first, "a1\na2\na3\n"}, {second, "b1\nb2\nb3\n"}});
    MergedLog end(fixture.log_of_run, 6);
    for (const auto& path : {first, second}) {
        fixture.rest(path, 0, 3);
        fixture.rest(path, 5, 4);
        fixture.rest(path, 9);
    }
    const auto chunk = run(fixture.loop, end.read(RunState::GoingOn, {}));
    CHECK(chunk.text == "[0] a3\n[1] b3\n");
    CHECK(chunk.offset == 12);
    CHECK(chunk.next_offset == 12 + chunk.text.size());
}

TEST_CASE("a run without logs of processes says so once it is over") {
    RanksFixture fixture(Files{{"azureml-logs/20_image_build_log.txt", "x"}});
    CHECK(fixture.read(RunState::GoingOn).text.empty());
    fixture.details();
    const auto error = test::error_of([&] { fixture.read(RunState::Final); });
    CHECK(error.message() == "The run has no logs of its processes.");
}
