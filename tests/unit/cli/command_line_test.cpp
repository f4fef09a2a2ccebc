#include "cli/command_line.hpp"

#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "support/localize.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

using namespace aml::cli;

namespace {

ParsedCommandLine parse(const std::vector<std::string>& arguments) {
    return parse_command_line(arguments, commands);
}

TypedCommand accepted(const std::vector<std::string>& arguments) {
    const auto parsed = parse(arguments);
    REQUIRE(std::holds_alternative<TypedCommand>(parsed));
    return std::get<TypedCommand>(parsed);
}

std::string refused(const std::vector<std::string>& arguments) {
    const auto parsed = parse(arguments);
    REQUIRE(std::holds_alternative<UsageProblem>(parsed));
    return std::get<UsageProblem>(parsed).message;
}

}  // namespace

TEST_CASE("a command is read with its options and what it is applied to") {
    const auto typed = accepted(
        {"run", "--follow", "train.py", "--experiment", "mnist", "--compute=cpu=1", "--json"});
    CHECK(typed.command == &run_command);
    CHECK(typed.operand == "train.py");
    CHECK(typed.line.value("--experiment") == "mnist");
    CHECK(typed.line.value("--compute") == "cpu=1");
    CHECK(typed.line.value("--workspace") == std::nullopt);
    CHECK(typed.line.has("--follow"));
    CHECK(typed.line.has("--json"));
    CHECK(!typed.line.has("--verbose"));
    CHECK(accepted({"run", "--", "--strange.py"}).operand == "--strange.py");
}

TEST_CASE("a command's name may have several words") {
    const Command list{.name = "disk list", .operand = "NAME"};
    const Command disk{.name = "disk", .operand = "NAME"};
    const std::array<const Command*, 2> table{&list, &disk};
    const auto command_of = [&table](const std::vector<std::string>& arguments) {
        return std::get<TypedCommand>(parse_command_line(arguments, table));
    };
    CHECK(command_of({"disk", "list"}).command == &list);
    CHECK(command_of({"disk", "list", "a"}).operand == "a");
    CHECK(command_of({"disk", "lis"}).operand == "lis");
    CHECK(command_of({"disk"}).command == &disk);
    const std::vector<std::string> help{"help", "disk", "list"};
    CHECK(std::get<HelpRequest>(parse_command_line(help, table)).command == &list);
}

TEST_CASE("a wrong command line is refused with what is wrong") {
    CHECK(refused({"runn"}) == "There is no command 'runn'.");
    CHECK(refused({"run"}) == "'aml run' needs SCRIPT|CONFIG.");
    CHECK(refused({"run", "a.py", "b.py"}) ==
          "'aml run' takes SCRIPT|CONFIG, so 'b.py' is one too many.");
    CHECK(refused({"jobs", "x"}) == "'aml jobs' takes no 'x'.");
    CHECK(refused({"run", "a.py", "--folow"}) == "'aml run' has no option --folow.");
    CHECK(refused({"run", "a.py", "--compute"}) == "--compute needs a value: --compute NAME.");
    CHECK(refused({"run", "a.py", "--compute="}) == "--compute needs a value that is not empty.");
    CHECK(refused({"run", "a.py", "--compute=a", "--compute=b"}) == "--compute is given twice.");
    CHECK(refused({"run", "a.py", "--follow=yes"}) == "--follow takes no value.");
    CHECK(refused({"serve", "--json"}) == "'aml serve' has no option --json.");
}

TEST_CASE("help is asked for in every usual way") {
    CHECK(std::holds_alternative<HelpRequest>(parse({})));
    CHECK(std::holds_alternative<HelpRequest>(parse({"-h"})));
    CHECK(std::holds_alternative<HelpRequest>(parse({"help"})));
    const auto help = parse({"logs", "--help"});
    REQUIRE(std::holds_alternative<HelpRequest>(help));
    CHECK(std::get<HelpRequest>(help).command == &logs_command);
    CHECK(accepted({"--version"}).command == &version_command);
}

TEST_CASE("help names every command and every option, on lines that fit a terminal") {
    auto all = overview(commands);
    for (const auto* command : commands) {
        CHECK(all.find("  " + std::string(command->name)) != std::string::npos);
        CHECK(all.find(fmt::format("  {}\n", aml::localize(command->summary))) !=
              std::string::npos);
        const auto help = help_for(*command);
        for (const auto& option : command->options) {
            CHECK(help.find("  " + std::string(option.name)) != std::string::npos);
        }
        all += help;
    }
    std::size_t start = 0;
    for (auto end = all.find('\n'); end != std::string::npos; end = all.find('\n', start)) {
        CHECK_MESSAGE(end - start <= 110, all.substr(start, end - start));
        start = end + 1;
    }
}
