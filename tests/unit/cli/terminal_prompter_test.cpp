#include "cli/terminal_prompter.hpp"

#include "async/task_group.hpp"
#include "cli/line_reader.hpp"
#include "support/error.hpp"
#include "support/pipe.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace aml;
using namespace aml::cli;
using test::run;

namespace {

/// A prompter whose output nobody looks at.
struct Asking {
    explicit Asking(std::string_view typed, bool interactive = true)
        : terminal({.out = sink, .error = sink}),
          reader(keyboard.reader()),
          prompter(terminal, reader, interactive) {
        keyboard.write(typed);
        keyboard.close_writer();
    }

    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;

    ~Asking() { std::fclose(sink); }

    ui::PickAnswer pick(ui::PickQuestion question) {
        return run(loop, prompter.pick(std::move(question), {}));
    }

    ui::InputAnswer input(ui::InputQuestion question) {
        return run(loop, prompter.input(std::move(question), {}));
    }

    asio::io_context loop{1};
    std::FILE* sink = std::tmpfile();
    test::Pipe keyboard;
    Terminal terminal;
    LineReader reader;
    TerminalPrompter prompter;
};

ui::PickQuestion computes() {
    ui::PickQuestion question;
    question.title = "Choose a compute";
    question.items.push_back({.id = "cpu", .label = "cpu-cluster"});
    question.items.push_back(ui::PickItem::separator("With GPUs"));
    question.items.push_back({.id = "gpu", .label = "gpu-cluster"});
    question.items.push_back({.id = "new", .label = "Create new compute"});
    return question;
}

std::vector<std::string> ids(const ui::PickAnswer& answer) {
    const auto* picked = std::get_if<ui::Picked>(&answer);
    return picked == nullptr ? std::vector<std::string>{"(none)"} : picked->ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a row is named by its number, its label, or a part that is its alone") {
    CHECK(ids(Asking("2\n").pick(computes())) == Ids{"gpu"});
    CHECK(ids(Asking("CPU-cluster\n").pick(computes())) == Ids{"cpu"});
    CHECK(ids(Asking("create\n").pick(computes())) == Ids{"new"});
}

TEST_CASE("an answer that names no single row is asked for again") {
    CHECK(ids(Asking("9\ncluster\n\n 1 \n").pick(computes())) == Ids{"cpu"});
}

TEST_CASE("what can be done about a list follows its rows, without a box to switch") {
    auto question = computes();
    question.can_pick_many = true;
    question.items[0].picked = true;
    question.actions = {{.id = "refresh", .label = "Read again", .icon = "refresh"},
                        {.id = "rename", .label = "Rename", .icon = "edit", .on_item = true}};
    const auto done = [&](std::string_view typed) {
        const auto answer = Asking(typed).pick(question);
        const auto* acted = std::get_if<ui::Acted>(&answer);
        return acted == nullptr ? ui::Acted{.action = "(none)"} : *acted;
    };
    const auto listed = done("2 4\n");
    CHECK(listed.action == "refresh");
    CHECK(listed.ids == Ids{"cpu", "gpu"});
    CHECK(listed.item.empty());
    const auto renamed = done("rename\n\n<\n5\nrename\ngpu\n");
    CHECK(renamed.action == "rename");
    CHECK(renamed.item == "gpu");
    CHECK(done("5\n").action == "(none)");
    question.can_pick_many = false;
    CHECK(done("4\n").action == "refresh");
    CHECK(ids(Asking("2\n").pick(question)) == Ids{"gpu"});
}

TEST_CASE("Enter takes the preferred row") {
    auto question = computes();
    question.items[2].picked = true;
    CHECK(ids(Asking("\n").pick(question)) == Ids{"gpu"});
}

TEST_CASE("going back is possible only where it is offered, and the end of input gives up") {
    auto question = computes();
    CHECK(std::holds_alternative<ui::Dismissed>(Asking("<\n").pick(question)));
    question.can_go_back = true;
    CHECK(std::holds_alternative<ui::WentBack>(Asking("<\n").pick(question)));
    CHECK(std::holds_alternative<ui::Dismissed>(Asking("").pick(question)));
}

TEST_CASE("rows of a multiple pick are switched until Enter") {
    auto question = computes();
    question.can_pick_many = true;
    question.items[0].picked = true;
    CHECK(ids(Asking("1 2\n3\n2\n\n").pick(question)) == Ids{"new"});
}

TEST_CASE("a list that is filled while it is open is shown complete") {
    auto question = computes();
    question.items.clear();
    question.fill = [](ui::PickUpdate update, std::stop_token) -> asio::awaitable<void> {
        std::vector<ui::PickItem> rows{{.id = "a", .label = "first"}};
        update(rows, true);
        rows.push_back({.id = "b", .label = "second"});
        update(rows, false);
        co_return;
    };
    CHECK(ids(Asking("second\n").pick(question)) == Ids{"b"});
}

TEST_CASE("a text is validated, and Enter accepts the proposed one") {
    ui::InputQuestion question;
    question.title = "Name the experiment";
    question.value = "mnist";
    question.validate = [](const std::string& value) -> std::optional<std::string> {
        if (value == "bad name") return "No blanks.";
        return std::nullopt;
    };
    const auto typed = Asking("bad name\ndigits\n").input(question);
    REQUIRE(std::holds_alternative<ui::Entered>(typed));
    CHECK(std::get<ui::Entered>(typed).value == "digits");
    const auto accepted = Asking("\n").input(question);
    REQUIRE(std::holds_alternative<ui::Entered>(accepted));
    CHECK(std::get<ui::Entered>(accepted).value == "mnist");
}

TEST_CASE("a message without buttons needs no answer, one with buttons gets one") {
    Asking asking("retry\n");
    ui::Message plain{.text = "It is so."};
    CHECK(run(asking.loop, asking.prompter.message(plain, {})) == std::nullopt);
    ui::Message question{.text = "It failed.", .actions = {"Retry", "Close"}};
    CHECK(run(asking.loop, asking.prompter.message(question, {})) == "Retry");
}

TEST_CASE("where nobody can be asked, a question fails with what to do instead") {
    Asking asking("1\n", false);
    CHECK_THROWS_WITH_AS(asking.pick(computes()),
                         "Something has to be asked, and there is no terminal to ask on. Say it "
                         "with options; --help lists them.",
                         Error);
}

TEST_CASE("a read that is stopped ends at once, and loses nothing that was typed") {
    asio::io_context loop(1);
    test::Pipe keyboard;
    LineReader reader(keyboard.reader());
    std::stop_source stop;
    auto stop_it = [&]() -> asio::awaitable<void> {
        stop.request_stop();
        co_return;
    };
    keyboard.write("half a li");
    async::TaskGroup group(loop.get_executor(), nullptr);
    group.spawn(stop_it());
    CHECK_THROWS_AS(run(loop, reader.read(stop.get_token())), Error);
    keyboard.write("ne\r\nrest");
    keyboard.close_writer();
    CHECK(run(loop, reader.read({})) == "half a line");
    CHECK(run(loop, reader.read({})) == "rest");
    CHECK(run(loop, reader.read({})) == std::nullopt);
}
