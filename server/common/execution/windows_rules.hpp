#pragma once

#include <string>
#include <string_view>

// What is otherwise on Windows and can be told from texts alone.

namespace aml::execution {

/// Why a file of Windows cannot have this name, which may have several parts with '/' between them:
/// a sentence, "" when it can. Source: "Naming Files, Paths, and Namespaces" (Microsoft).
std::string windows_objection_to(std::string_view name);

/// What a command has that means something to bash and something else to cmd.exe; "" when nothing
/// was seen.
std::string needs_bash(std::string_view command);

/// A command of several lines as one, which is all that `cmd.exe /c` reads: each line runs,
/// whatever became of the one before, as in bash.
std::string one_line(std::string_view command);

}  // namespace aml::execution
