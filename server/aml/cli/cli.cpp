#include "cli/cli.hpp"

#include "cli/command_line.hpp"
#include "cli/help.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <utility>

namespace aml::cli {
namespace {

int refuse(const UsageProblem& problem) {
    const auto help = problem.command == nullptr
                          ? std::string("aml --help")
                          : fmt::format("aml {} --help", problem.command->name);
    Terminal terminal(TerminalOptions::standard(false));
    terminal.error(problem.message);
    terminal.remark(localize("'{}' explains it.", help));
    return static_cast<int>(ExitCode::Usage);
}

}  // namespace

int main(const std::vector<std::string>& arguments, const std::string& version) {
    auto parsed = parse_command_line(arguments);
    if (const auto* help = std::get_if<HelpRequest>(&parsed)) {
        fmt::print("{}", help->command == nullptr ? overview() : help_for(*help->command));
        return static_cast<int>(ExitCode::Completed);
    }
    if (const auto* problem = std::get_if<UsageProblem>(&parsed)) return refuse(*problem);
    const auto line = std::get<CommandLine>(std::move(parsed));
    // What programs read is the same in every language.
    if (line.has("--json")) use_language(Language::English);
    Terminal terminal(TerminalOptions::standard(line.has("--json")));
    if (line.command->name == "version") {
        terminal.line("aml " + version);
        terminal.value({{"version", version}});
        return static_cast<int>(ExitCode::Completed);
    }
    return static_cast<int>(Program(line, terminal, version).run());
}

}  // namespace aml::cli
