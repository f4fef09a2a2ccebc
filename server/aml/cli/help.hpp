#pragma once

#include "cli/command_line.hpp"
#include "support/localize.hpp"

#include <string>

namespace aml::cli {

/// What `aml --help` prints: every command with its line, what else there is, and the exit codes.
std::string overview(CommandTable table);

/// What `aml COMMAND --help` prints.
std::string help_for(const Command& command);

/// Where help about a command is found, for whoever has used it wrongly; null: about everything.
LocalizedText help_hint(const Command* command);

}  // namespace aml::cli
