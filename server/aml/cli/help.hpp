#pragma once

#include "cli/command_line.hpp"

#include <string>

namespace aml::cli {

/// What `aml --help` prints: every command with its line, what else there is, and the exit codes.
std::string overview();

/// What `aml COMMAND --help` prints.
std::string help_for(const CommandSpec& command);

}  // namespace aml::cli
