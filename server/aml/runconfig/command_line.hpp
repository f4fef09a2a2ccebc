#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aml::runconfig {

/// The script that a command starts.
struct CommandScript {
    /// As written, quotes removed.
    std::string path;
    /// Whether the command surely needs the file to be there: it is one call of Python, nothing
    /// before it.
    bool only_command = true;
};

/// The first Python file a shell command starts, e.g. `train.py` of `python -u train.py --lr 1`;
/// absent when there is none, or its name is made by an expression or a variable, or the command
/// changes the folder first.
std::optional<CommandScript> script_in_command(std::string_view command);

/// `word` quoted for a POSIX shell where it needs to be.
std::string shell_quoted(std::string_view word);

}  // namespace aml::runconfig
