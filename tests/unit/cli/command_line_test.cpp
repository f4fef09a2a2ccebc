#include "cli/command_line.hpp"

#include "cli/help.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml::cli;

namespace {

CommandLine accepted(const std::vector<std::string>& arguments) {
    const auto parsed = parse_command_line(arguments);
    REQUIRE(std::holds_alternative<CommandLine>(parsed));
    return std::get<CommandLine>(parsed);
}

std::string refused(const std::vector<std::string>& arguments) {
    const auto parsed = parse_command_line(arguments);
    REQUIRE(std::holds_alternative<UsageProblem>(parsed));
    return std::get<UsageProblem>(parsed).message;
}

}  // namespace

TEST_CASE("options and the operand come in any order, values in both forms") {
    const auto line = accepted(
        {"run", "--follow", "train.py", "--experiment", "mnist", "--compute=cpu=1", "--json"});
    CHECK(line.command->name == "run");
    CHECK(line.operand == "train.py");
    CHECK(line.value("--experiment") == "mnist");
    CHECK(line.value("--compute") == "cpu=1");
    CHECK(line.value("--workspace") == std::nullopt);
    CHECK(line.has("--follow"));
    CHECK(line.has("--json"));
    CHECK(!line.has("--verbose"));
}

TEST_CASE("after two dashes nothing is an option") {
    CHECK(accepted({"run", "--", "--strange.py"}).operand == "--strange.py");
}

TEST_CASE("a wrong command line is refused with what is wrong") {
    CHECK(refused({"runn"}) == "There is no command 'runn'.");
    CHECK(refused({"run"}) == "'aml run' needs SCRIPT|CONFIG.");
    CHECK(refused({"run", "a.py", "b.py"}) ==
          "'aml run' takes one SCRIPT|CONFIG, so 'b.py' is one too many.");
    CHECK(refused({"jobs", "x"}) == "'aml jobs' takes no 'x'.");
    CHECK(refused({"run", "a.py", "--folow"}) == "'aml run' has no option --folow.");
    CHECK(refused({"run", "a.py", "--compute"}) == "--compute needs a value: --compute NAME.");
    CHECK(refused({"run", "a.py", "--compute="}) == "--compute needs a value that is not empty.");
    CHECK(refused({"run", "a.py", "--compute=a", "--compute=b"}) == "--compute is given twice.");
    CHECK(refused({"run", "a.py", "--follow=yes"}) == "--follow takes no value.");
}

TEST_CASE("help is asked for in every usual way") {
    CHECK(std::holds_alternative<HelpRequest>(parse_command_line({})));
    CHECK(std::holds_alternative<HelpRequest>(parse_command_line({"-h"})));
    CHECK(std::holds_alternative<HelpRequest>(parse_command_line({"help"})));
    const auto help = parse_command_line({"logs", "--help"});
    REQUIRE(std::holds_alternative<HelpRequest>(help));
    CHECK(std::get<HelpRequest>(help).command->name == "logs");
    CHECK(accepted({"--version"}).command->name == "version");
}

TEST_CASE("help names every command and every option, on lines that fit a terminal") {
    auto all = overview();
    for (const auto& command : commands()) {
        CHECK(all.find("  " + std::string(command.name)) != std::string::npos);
        const auto help = help_for(command);
        for (const auto& option : command.options) {
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
