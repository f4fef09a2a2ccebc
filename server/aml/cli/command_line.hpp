#pragma once

#include "support/localize.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace aml::cli {

/// How a command ends. `Failed` also stands for every error that is not one of the others.
enum class ExitCode {
    /// The run completed; a command that follows no run did what it was asked.
    Completed = 0,
    Failed = 1,
    /// The command line is wrong or says too little.
    Usage = 2,
    Cancelled = 3,
    /// `aml status` of a run that has not ended.
    Unfinished = 4,
    /// Ctrl-C: nobody knows how the run ends, and it goes on.
    Interrupted = 130,
};

/// An option of a command.
struct OptionSpec {
    /// With its dashes, e.g. "--workspace".
    std::string_view name;
    /// What stands for its value in help; empty for a switch.
    std::string_view value_name;
    Localizable doc;
};

/// A terminal command.
struct CommandSpec {
    std::string_view name;
    /// What it is applied to, as help shows it; empty for nothing.
    std::string_view operand;
    bool operand_required = false;
    /// One line.
    Localizable summary;
    /// What else a user needs to know, in lines of at most 80 characters.
    Localizable description;
    std::span<const OptionSpec> options;
};

/// Every terminal command, in the order of help.
std::span<const CommandSpec> commands();

/// The options that all commands have.
std::span<const OptionSpec> common_options();

/// Null when there is no such command.
const CommandSpec* find_command(std::string_view name);

/// What the user typed.
struct CommandLine {
    const CommandSpec* command = nullptr;
    /// Empty when none was given.
    std::string operand;
    std::map<std::string, std::string, std::less<>> values;
    std::set<std::string, std::less<>> switches;

    /// Absent when the option was not given.
    std::optional<std::string> value(std::string_view option) const;

    bool has(std::string_view option) const { return switches.contains(option); }
};

/// A command line that cannot be understood.
struct UsageProblem {
    std::string message;
    /// The command it was about; null when even that is not clear.
    const CommandSpec* command = nullptr;
};

/// Help was asked for.
struct HelpRequest {
    /// Null: about everything.
    const CommandSpec* command = nullptr;
};

using ParsedCommandLine = std::variant<CommandLine, HelpRequest, UsageProblem>;

/// Reads `arguments` (without the program's name). Options and the operand come in any order,
/// values as `--name value` or `--name=value`; after `--` nothing is an option.
ParsedCommandLine parse_command_line(const std::vector<std::string>& arguments);

}  // namespace aml::cli
