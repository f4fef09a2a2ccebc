#include "transcripts/player.hpp"

#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace aml;
using transcript::Event;
using transcript::Line;
using transcript::Step;

namespace {

/// Does, after each `-->`, what the test says that a server does then.
class FakeStage final : public transcript::Stage {
public:
    explicit FakeStage(std::map<std::string, std::vector<Event>> answers)
        : answers_(std::move(answers)) {}

    std::filesystem::path folder() const override { return "/user"; }

    void move(Step step, const std::string& text) override {
        moves.push_back(to_text(Line{step, text, {}}));
        for (const auto& event : answers_[text]) done_.push_back(event);
    }

    std::optional<Event> take() override {
        if (done_.empty()) return std::nullopt;
        auto event = done_.front();
        done_.pop_front();
        return event;
    }

    void answer_in_order(const std::vector<std::size_t>& calls) override { order = calls; }

    std::string file(const std::string& path) const override {
        return path + " {\"in\":\"/user\"}";
    }

    std::optional<int> exit_code() const override { return 0; }

    void end() override { ended = true; }

    std::vector<std::string> moves;
    std::vector<std::size_t> order;
    bool ended = false;

private:
    std::map<std::string, std::vector<Event>> answers_;
    std::deque<Event> done_;
};

Event call(std::string text, std::size_t number = 0) {
    return {Step::Call, std::move(text), number};
}

struct Played {
    /// The disagreement, or what made no sense; empty if all is well.
    std::string failure;
    /// What `--update` would write.
    std::string actual;
};

Played play(FakeStage& stage, const std::string& text) {
    const test::TemporaryDirectory folder;
    transcript::Player player(stage);
    std::string thrown;
    try {
        player.play(transcript::read_script(folder.write("t.transcript", text)));
    } catch (const transcript::Failure& failure) {
        thrown = failure.what();
    }
    std::string actual;
    for (const auto& line : player.actual()) actual += to_text(line) + "\n";
    return {player.failure().empty() ? thrown : player.failure(), actual};
}

}  // namespace

TEST_CASE(
    "variables are replaced in what the world does, and in what the server is expected to do") {
    FakeStage stage({{R"({"w":"/s/w"})", {call("GET http://h/s/w/x")}}});
    const std::string text =
        "let workspace /s/w\n"
        "let item ${workspace}/x\n"
        "--> {\"w\":\"${workspace}\"}\n"
        "http> GET http://h${item}\n"
        "file a {\"in\":\"${dir}\"}\n"
        "exit 0\n";
    const auto played = play(stage, text);
    CHECK(played.failure == "");
    CHECK(played.actual == text);
    CHECK(stage.moves == std::vector<std::string>{R"(--> {"w":"/s/w"})"});
    CHECK(stage.ended);
}

TEST_CASE("what differs is shown and written with variables") {
    FakeStage stage({{"1", {call("GET http://h/s/w/y"), {Step::Expect, R"({"id":"/s/w"})"}}}});
    const auto played = play(stage,
                             "let workspace /s/w\n"
                             "--> 1\n"
                             "http> GET http://h${workspace}/x\n");
    CHECK(played.failure ==
          "t.transcript:3: expected\n  http> GET http://h${workspace}/x\n"
          "but got\n  http> GET http://h${workspace}/y");
    CHECK(played.actual ==
          "let workspace /s/w\n--> 1\nhttp> GET http://h${workspace}/y\n"
          "<-- {\"id\":\"${workspace}\"}\n");
}

TEST_CASE("a variable without a value is told with the line that has it") {
    FakeStage stage({{"1", {call("GET a")}}});
    CHECK(play(stage, "--> ${no}\n").failure ==
          "t.transcript:1: ${no} has no value here: it needs a line `let no …`\n  --> ${no}");
    CHECK(play(stage, "--> 1\nhttp> GET ${no}\n").failure ==
          "t.transcript:2: ${no} has no value here: it needs a line `let no …`\n"
          "  http> GET ${no}");
}

TEST_CASE("what nobody expected stands before the notes on the next move") {
    FakeStage stage({{"1", {call("GET a"), call("GET b")}}});
    const auto played = play(stage, "--> 1\n# calls\nhttp> GET a\n# and then\nlet x y\n--> 2\n");
    CHECK(played.failure == "t.transcript:4: before this the server also did\n  http> GET b");
    CHECK(played.actual ==
          "--> 1\n# calls\nhttp> GET a\nhttp> GET b\n# and then\nlet x y\n--> 2\n");
}

TEST_CASE("a disagreement in an included transcript is known as such") {
    FakeStage stage({{"1", {call("GET a")}}});
    const test::TemporaryDirectory folder;
    folder.write("part.transcript", "http> GET b\n");
    const auto script =
        transcript::read_script(folder.write("t.transcript", "--> 1\ninclude part\n"));
    transcript::Player player(stage);
    player.play(script);
    CHECK(player.failure() == "part.transcript:1: expected\n  http> GET b\nbut got\n  http> GET a");
    CHECK(player.included_disagrees());
}

TEST_CASE("a job has the name that the transcript gives it") {
    FakeStage stage({{"1", {call("PUT /w/jobs/lemon_sail {}")}}});
    const std::string text = "job first\n--> 1\nhttp> PUT /w/jobs/${first} {}\n<http ${first}\n";
    CHECK(play(stage, text).failure == "");
    CHECK(stage.moves.back() == "<http lemon_sail");
    CHECK(play(stage, "job first\n").failure ==
          "at the end: the server created no job for the line `job first`");
}

TEST_CASE("the calls of a block come in any order, and are answered in the order of the block") {
    FakeStage stage({{"1", {call("GET b", 0), call("PUT /jobs/j", 1), call("GET a", 2)}}});
    const std::string text =
        "job first\n"
        "--> 1\n"
        "unordered\n"
        "http> GET a\n"
        "# the job\n"
        "http> PUT /jobs/${first}\n"
        "http> GET b\n"
        "end\n";
    const auto played = play(stage, text);
    CHECK(played.failure == "");
    CHECK(played.actual == text);
    CHECK(stage.order == std::vector<std::size_t>{2, 1, 0});
}

TEST_CASE("a call of a block that never came, and one that is not in it, are told") {
    FakeStage stage({{"1", {call("GET a", 0), call("GET c", 1)}}});
    const std::string text = "--> 1\nunordered\nhttp> GET b\nhttp> GET a\nend\n";
    const auto played = play(stage, text);
    CHECK(played.failure ==
          "t.transcript:3: this call never came:\n  http> GET b\n"
          "t.transcript:2: this call is not in the block:\n  http> GET c\n");
    CHECK(played.actual == "--> 1\nunordered\nhttp> GET a\nhttp> GET c\nend\n");
    CHECK(stage.order == std::vector<std::size_t>{0, 1});
}

TEST_CASE("the same call twice in a block must come twice") {
    FakeStage stage({{"1", {call("GET a", 0)}}});
    CHECK(play(stage, "--> 1\nunordered\nhttp> GET a\nhttp> GET a\nend\n").failure ==
          "t.transcript:4: this call never came:\n  http> GET a\n");
}

TEST_CASE(
    "a message ends a block that waits for a call, and what comes after a block is not in it") {
    FakeStage stage({{"1", {call("GET a", 0), {Step::Expect, "{}"}, call("GET b", 1)}}});
    CHECK(play(stage, "--> 1\nunordered\nhttp> GET a\nhttp> GET b\nend\n").failure ==
          "t.transcript:4: this call never came:\n  http> GET b\n");
    CHECK(play(stage, "--> 1\nunordered\nhttp> GET a\nend\n").failure ==
          "at the end: before this the server also did\n  <-- {}");
}
