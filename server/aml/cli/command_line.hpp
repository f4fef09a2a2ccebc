#pragma once

#include "cli/command.hpp"

#include <span>
#include <string>
#include <variant>

namespace aml::cli {

/// The commands that there are.
using CommandTable = std::span<const Command* const>;

/// A command line that cannot be understood.
struct UsageProblem {
    std::string message;
    /// The command it was about; null when even that is not clear.
    const Command* command = nullptr;
};

/// Help was asked for.
struct HelpRequest {
    /// Null: about everything.
    const Command* command = nullptr;
};

using ParsedCommandLine = std::variant<TypedCommand, HelpRequest, UsageProblem>;

/// Reads `arguments` (without the program's name): first the words of a command's name, then its
/// options and operand as `CommandLine` takes them. `--version` stands for the command `version`.
ParsedCommandLine parse_command_line(std::span<const std::string> arguments, CommandTable table);

}  // namespace aml::cli
