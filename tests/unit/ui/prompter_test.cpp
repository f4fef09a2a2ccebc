#include "support/run.hpp"
#include "support/scripted_prompter.hpp"

#include <doctest/doctest.h>

using namespace aml;

TEST_CASE("a scripted pick waits for the rows that arrive later") {
    asio::io_context loop;
    test::ScriptedPrompter prompter;
    prompter.pick("Fruit", "Apple");
    ui::PickQuestion question{.title = "Fruit"};
    question.fill = [](ui::PickUpdate update, std::stop_token) -> asio::awaitable<void> {
        update({{.id = "a", .label = "Apple"}}, false);
        co_return;
    };
    ui::Prompter& seam = prompter;
    const auto answer = test::run(loop, seam.pick(question, {}));
    const auto* picked = std::get_if<ui::Picked>(&answer);
    REQUIRE(picked != nullptr);
    CHECK(picked->ids == std::vector<std::string>{"a"});
}

TEST_CASE("a scripted input types the next answer when validation objects") {
    asio::io_context loop;
    test::ScriptedPrompter prompter;
    prompter.enter("Name", "");
    prompter.enter("Name", "x");
    ui::InputQuestion question{.title = "Name"};
    question.validate = [](const std::string& value) -> std::optional<std::string> {
        if (value.empty()) return "Type a name.";
        return std::nullopt;
    };
    ui::Prompter& seam = prompter;
    const auto answer = test::run(loop, seam.input(question, {}));
    REQUIRE(std::holds_alternative<ui::Entered>(answer));
    CHECK(std::get<ui::Entered>(answer).value == "x");
    CHECK(prompter.refused == std::vector<std::string>{"Type a name."});
    CHECK(prompter.done());
}
