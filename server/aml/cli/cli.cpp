#include "cli/cli.hpp"

#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <variant>

namespace aml::cli {
namespace {

ExitCode refuse(const UsageProblem& problem) {
    Terminal terminal(TerminalOptions::standard(false));
    terminal.error(problem.message);
    terminal.remark(help_hint(problem.command));
    return ExitCode::Usage;
}

ExitCode perform(const TypedCommand& typed, const std::string& version) {
    // What programs read is the same in every language.
    if (typed.line.has("--json")) use_language(Language::English);
    const auto* plain = std::get_if<PlainHandler>(&typed.command->handler);
    if (plain == nullptr) {
        Terminal terminal(TerminalOptions::standard(typed.line.has("--json")));
        return Program(typed, terminal, version).run();
    }
    try {
        return (*plain)(typed, version);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::InvalidParams)
            return refuse({.message = error.message(), .command = typed.command});
        Terminal(TerminalOptions::standard(false)).error(error.message());
        return ExitCode::Failed;
    }
}

}  // namespace

int main(const std::vector<std::string>& arguments, const std::string& version) {
    const auto parsed = parse_command_line(arguments, commands);
    auto code = ExitCode::Completed;
    if (const auto* help = std::get_if<HelpRequest>(&parsed)) {
        const auto* command = help->command;
        Terminal terminal(TerminalOptions::standard(false));
        terminal.text(command == nullptr ? overview(commands) : help_for(*command));
    } else if (const auto* problem = std::get_if<UsageProblem>(&parsed)) {
        code = refuse(*problem);
    } else {
        code = perform(std::get<TypedCommand>(parsed), version);
    }
    return static_cast<int>(code);
}

}  // namespace aml::cli
