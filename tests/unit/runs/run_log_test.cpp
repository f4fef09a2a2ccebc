#include "runs/run_log.hpp"

#include "support/azure_session.hpp"
#include "support/error_of.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace aml;
using namespace aml::runs;
using nlohmann::json;
using test::run;

namespace {

constexpr auto output = "user_logs/std_log.txt";
constexpr auto build_log = "azureml-logs/20_image_build_log.txt";

struct LogFixture : test::AzureSession {
    LogFixture() { know_data_plane(); }

    ~LogFixture() { run(loop, watcher.shut_down()); }

    /// Scripts one `details` answer; each has addresses of its own, as Azure's have.
    test::ExpectedCall& details(const std::vector<std::string>& paths) {
        ++signature;
        json files = json::object();
        for (const auto& path : paths) files[path] = address(path, signature);
        return http.expect_get(data("history/v1.0", "/runs/a/details"))
            .reply(200, {{"runId", "a"}, {"logFiles", files}});
    }

    static std::string address(const std::string& path, int number) {
        return fmt::format("http://127.0.0.1:9/blob/{}?sig={}", path, number);
    }

    test::ExpectedCall& get(const std::string& path,
                            int number,
                            std::uint64_t offset,
                            std::uint64_t limit = 4U << 20U) {
        return http.expect_get(address(path, number))
            .with_header("x-ms-range", fmt::format("bytes={}-{}", offset, offset + limit - 1));
    }

    static void answer(test::ExpectedCall& call,
                       std::uint64_t offset,
                       const std::string& bytes,
                       std::uint64_t total) {
        call.reply_text(
            206,
            bytes,
            {{"Content-Range",
              fmt::format("bytes {}-{}/{}", offset, offset + bytes.size() - 1, total)}});
    }

    static void nothing_new(test::ExpectedCall& call, std::uint64_t total) {
        call.reply_text(416, "", {{"Content-Range", fmt::format("bytes */{}", total)}});
    }

    LogChunk read(const std::string& path, std::uint64_t offset, RunState run_state) {
        return run(loop, log_of_run.read(path, offset, run_state, {}));
    }

    LogChunk read_end(std::uint64_t last) {
        return run(loop, log_of_run.read_end(output, last, RunState::Final, {}));
    }

    void follow(const std::string& status) {
        RunSnapshot snapshot;
        snapshot.job = job("a");
        snapshot.status = status;
        watcher.pause();
        watcher.watch(snapshot);
    }

    int signature = 0;
    RunLog log_of_run{access, clock, job("a")};
    RunWatcher watcher{loop.get_executor(), access, clock, random, state, log};
};

}  // namespace

TEST_CASE("logs that the run does not list are found among its stored files") {
    LogFixture fixture;
    const auto empty = [&](const char* status) -> test::ExpectedCall& {
        return fixture.http.expect_get(LogFixture::data("history/v1.0", "/runs/a/details"))
            .reply(200, {{"runId", "a"}, {"status", status}, {"logFiles", json::object()}});
    };
    // One that waits has none anywhere.
    empty("Queued");
    CHECK(run(fixture.loop, fixture.log_of_run.files(RunState::GoingOn, {})).empty());
    empty("Running");
    const auto stored = LogFixture::data(
        "artifact/v2.0", "/artifacts/ExperimentRun/dcid.a/prefix/contentinfo?path=");
    const json file{{"path", output}, {"contentUri", LogFixture::address(output, 1)}};
    fixture.http.expect_get(stored + "user_logs%2F").reply(200, {{"value", {file}}});
    fixture.http.expect_get(stored + "azureml-logs%2F").reply(404, json::object());
    CHECK(run(fixture.loop, fixture.log_of_run.files(RunState::GoingOn, {})) ==
          std::vector<std::string>{output});
    LogFixture::answer(fixture.get(output, 1, 0), 0, "hello\n", 6);
    CHECK(fixture.read(output, 0, RunState::GoingOn).text == "hello\n");
}

TEST_CASE("only new bytes of a log cross the wire, and a cut character is held back") {
    LogFixture fixture;
    fixture.details({output});
    LogFixture::answer(fixture.get(output, 1, 0), 0, "one \xE2\x82", 6);
    auto chunk = fixture.read(output, 0, RunState::GoingOn);
    CHECK(chunk.text == "one ");
    CHECK(chunk.next_offset == 4);
    CHECK(chunk.files == std::vector<std::string>{output});
    CHECK_FALSE(chunk.complete);
    LogFixture::answer(fixture.get(output, 1, 4), 4, "\xE2\x82\xAC!", 8);
    chunk = fixture.read(output, chunk.next_offset, RunState::GoingOn);
    CHECK(chunk.text == "€!");
    CHECK(chunk.next_offset == 8);
    LogFixture::nothing_new(fixture.get(output, 1, 8), 8);
    chunk = fixture.read(output, 8, RunState::GoingOn);
    CHECK(chunk.text.empty());
    CHECK(chunk.next_offset == 8);
}

TEST_CASE("a log is complete only when it was read to its end after the final status") {
    LogFixture fixture;
    fixture.details({output});
    LogFixture::answer(fixture.get(output, 1, 0), 0, "a", 1);
    CHECK_FALSE(fixture.read(output, 0, RunState::GoingOn).complete);
    fixture.details({output});
    LogFixture::answer(fixture.get(output, 2, 1), 1, "b\xC3", 3);
    const auto last = fixture.read(output, 1, RunState::Final);
    CHECK(last.text == "b\xEF\xBF\xBD");
    CHECK(last.complete);
}

TEST_CASE("an expired address is renewed once, and a refusal after that is passed on") {
    LogFixture fixture;
    fixture.details({output});
    fixture.details({output});
    fixture.get(output, 1, 0).reply_text(403, "", {{"x-ms-error-code", "AuthenticationFailed"}});
    LogFixture::answer(fixture.get(output, 2, 0), 0, "text", 4);
    CHECK(fixture.read(output, 0, RunState::GoingOn).text == "text");
    fixture.get(output, 2, 4).reply_text(403, "", {{"x-ms-error-code", "AuthenticationFailed"}});
    fixture.details({output});
    fixture.get(output, 3, 4).reply_text(403, "", {{"x-ms-error-code", "AuthenticationFailed"}});
    CHECK_THROWS_AS(fixture.read(output, 4, RunState::GoingOn), Error);
}

TEST_CASE("a log that was replaced by a shorter one is read from its beginning") {
    LogFixture fixture;
    fixture.details({output});
    LogFixture::nothing_new(fixture.get(output, 1, 100), 3);
    LogFixture::answer(fixture.get(output, 1, 0), 0, "new", 3);
    const auto chunk = fixture.read(output, 100, RunState::GoingOn);
    CHECK(chunk.restarted);
    CHECK(chunk.text == "new");
    CHECK(chunk.next_offset == 3);
}

TEST_CASE("a file that is not there yet is empty, and an error once the run is final") {
    LogFixture fixture;
    fixture.details({});
    CHECK(fixture.read(output, 0, RunState::GoingOn).text.empty());
    fixture.details({});
    CHECK_THROWS_WITH_AS(fixture.read(output, 0, RunState::Final),
                         "The run has no log file user_logs/std_log.txt.",
                         Error);
    LogFixture listed;
    listed.details({output});
    listed.get(output, 1, 0).reply_text(404);
    CHECK(listed.read(output, 0, RunState::GoingOn).text.empty());
}

TEST_CASE("the end of a log begins with a line") {
    LogFixture fixture;
    fixture.details({output});
    // All of it is less than what is asked for.
    LogFixture::answer(fixture.get(output, 1, 0, 100), 0, "one\ntwo\n", 8);
    auto chunk = fixture.read_end(100);
    CHECK(chunk.text == "one\ntwo\n");
    CHECK(chunk.offset == 0);
    CHECK(chunk.complete);
    // The line that is cut is left out, a whole one is not.
    LogFixture::answer(fixture.get(output, 1, 0, 6), 0, "one\ntw", 14);
    LogFixture::answer(fixture.get(output, 1, 7, 7), 7, "\nthree\n", 14);
    chunk = fixture.read_end(6);
    CHECK(chunk.text == "three\n");
    CHECK(chunk.offset == 8);
    CHECK(chunk.next_offset == 14);
    LogFixture::answer(fixture.get(output, 1, 0, 7), 0, "one\ntwo", 14);
    LogFixture::answer(fixture.get(output, 1, 6, 8), 6, "o\nthree\n", 14);
    chunk = fixture.read_end(7);
    CHECK(chunk.text == "three\n");
    CHECK(chunk.offset == 8);
    // One line that is longer begins with a character.
    LogFixture::answer(fixture.get(output, 1, 0, 4), 0, "\xE2\x82\xAC\xE2", 9);
    LogFixture::answer(fixture.get(output, 1, 4, 5), 4, "\x82\xAC\xE2\x82\xAC", 9);
    chunk = fixture.read_end(4);
    CHECK(chunk.text == "€");
    CHECK(chunk.offset == 6);
    CHECK(chunk.next_offset == 9);
}

TEST_CASE("more than a first look of a log is read in one piece if it is wanted") {
    LogFixture fixture;
    fixture.details({output});
    const std::string start(64U << 10U, 'x');
    LogFixture::answer(fixture.get(output, 1, 0, 64U << 10U), 0, start, start.size() + 2);
    LogFixture::answer(fixture.get(output, 1, 0), 0, start + "y\n", start.size() + 2);
    CHECK(fixture.read_end(1U << 20U).text == start + "y\n");
}

TEST_CASE("the end of a log that is empty or not there yet is empty") {
    LogFixture fixture;
    fixture.details({output});
    LogFixture::nothing_new(fixture.get(output, 1, 0, 10), 0);
    CHECK(fixture.read_end(10).text.empty());
    fixture.get(output, 1, 0, 10).reply_text(404);
    CHECK(fixture.read_end(10).next_offset == 0);
}

TEST_CASE("following from the end goes on with what is new") {
    LogFixture fixture;
    fixture.follow("Running");
    fixture.details({output});
    LogFixture::answer(fixture.get(output, 1, 0, 6), 0, "one\ntw", 14);
    LogFixture::answer(fixture.get(output, 1, 7, 7), 7, "\nthree\n", 14);
    LogFixture::answer(fixture.get(output, 1, 14), 14, "four\n", 19);
    LogFollower::Start start;
    start.last = 6;
    LogFollower follower(
        fixture.access, fixture.watcher, fixture.clock, LogFixture::job("a"), start);
    CHECK(run(fixture.loop, follower.next({}))->text == "three\n");
    const auto chunk = run(fixture.loop, follower.next({}));
    CHECK(chunk->text == "four\n");
    CHECK(chunk->offset == 14);
}

TEST_CASE("following shows the image build, then the script's output") {
    LogFixture fixture;
    fixture.follow("Preparing");
    fixture.details({});
    fixture.details({build_log});
    LogFixture::answer(fixture.get(build_log, 2, 0), 0, "building\n", 9);
    // The image build went on after it was last read.
    fixture.details({build_log, output});
    LogFixture::answer(fixture.get(build_log, 3, 9), 9, "built\n", 15);
    LogFixture::answer(fixture.get(output, 3, 0), 0, "epoch 1\n", 8);
    LogFollower follower(fixture.access, fixture.watcher, fixture.clock, LogFixture::job("a"), {});
    auto chunk = run(fixture.loop, follower.next({}));
    CHECK(chunk->path == build_log);
    CHECK(chunk->text == "building\n");
    chunk = run(fixture.loop, follower.next({}));
    CHECK(chunk->path == build_log);
    CHECK(chunk->text == "built\n");
    CHECK_FALSE(chunk->restarted);
    chunk = run(fixture.loop, follower.next({}));
    CHECK(chunk->path == output);
    CHECK(chunk->restarted);
}

TEST_CASE("following reads once more after the end and passes faults over") {
    LogFixture fixture;
    fixture.follow("Completed");
    fixture.details({output});
    fixture.get(output, 1, 0).reply_text(500);
    fixture.get(output, 1, 0).reply_text(500);
    fixture.get(output, 1, 0).reply_text(500);
    fixture.get(output, 1, 0).reply_text(500);
    LogFixture::answer(fixture.get(output, 1, 0), 0, "last line\n", 10);
    LogFollower follower(fixture.access, fixture.watcher, fixture.clock, LogFixture::job("a"), {});
    const auto chunk = run(fixture.loop, follower.next({}));
    CHECK(chunk->text == "last line\n");
    CHECK(chunk->complete);
    CHECK_FALSE(run(fixture.loop, follower.next({})).has_value());
}

TEST_CASE("following ends with what cannot get better") {
    LogFixture fixture;
    const auto follow = [&] {
        LogFollower follower(
            fixture.access, fixture.watcher, fixture.clock, LogFixture::job("a"), {});
        run(fixture.loop, follower.next({}));
    };
    CHECK(test::error_of(follow).kind() == ErrorKind::NotFound);
    fixture.follow("Completed");
    fixture.http.expect_get(LogFixture::data("history/v1.0", "/runs/a/details"))
        .reply(403, {{"error", {{"code", "x"}, {"message", "no"}}}});
    CHECK(test::error_of(follow).kind() == ErrorKind::Forbidden);
    fixture.http.expect_get(LogFixture::data("history/v1.0", "/runs/a/details"))
        .any_times()
        .reply(500, {{"error", {{"code", "x"}, {"message", "no"}}}});
    CHECK(test::error_of(follow).kind() == ErrorKind::AzureFailed);
}

TEST_CASE("a log is read without a pause as long as more is known to be there, and no longer") {
    LogFixture fixture;
    fixture.follow("Running");
    fixture.details({output});
    const std::string piece = "0123456789";
    LogFixture::answer(fixture.get(output, 1, 0), 0, piece, 20);
    LogFixture::answer(fixture.get(output, 1, 10), 10, piece, 20);
    LogFixture::answer(fixture.get(output, 1, 20), 20, piece, 30);
    LogFollower follower(fixture.access, fixture.watcher, fixture.clock, LogFixture::job("a"), {});
    const auto& sleeps = fixture.clock.sleeps();
    CHECK_FALSE(run(fixture.loop, follower.next({}))->at_end);
    CHECK(run(fixture.loop, follower.next({}))->at_end);
    CHECK(sleeps.empty());
    // The end was read a moment ago: asking at once would find nothing.
    CHECK(run(fixture.loop, follower.next({}))->text == piece);
    CHECK(sleeps == std::vector<std::chrono::milliseconds>{std::chrono::seconds(1)});
}

TEST_CASE("a log that has not grown is looked at less and less often") {
    LogFixture fixture;
    fixture.follow("Running");
    fixture.details({output});
    LogFixture::answer(fixture.get(output, 1, 0), 0, "text", 4);
    for (int i = 0; i < 3; ++i) LogFixture::nothing_new(fixture.get(output, 1, 4), 4);
    LogFixture::answer(fixture.get(output, 1, 4), 4, "more", 8);
    LogFollower follower(fixture.access, fixture.watcher, fixture.clock, LogFixture::job("a"), {});
    run(fixture.loop, follower.next({}));
    CHECK(run(fixture.loop, follower.next({}))->text == "more");
    std::vector<std::int64_t> waits;
    for (const auto& sleep : fixture.clock.sleeps()) waits.push_back(sleep.count());
    CHECK(waits == std::vector<std::int64_t>{1000, 1000, 1500, 2250});
}
