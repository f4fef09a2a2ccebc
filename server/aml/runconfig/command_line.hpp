#pragma once

#include "runconfig/text.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// The script that a command starts.
struct CommandScript {
    /// As written, quotes removed.
    std::string path;
    /// Whether the command surely needs the file to be there: it is one call of Python, nothing
    /// before it.
    bool only_command = true;
};

/// The first Python file of the code folder that a shell command starts, e.g. `train.py` of
/// `python -u train.py --lr 1`. A file that only the container knows (`/opt/app/x.py`, `~/x.py`,
/// `$HOME/x.py`, `${{inputs.script}}`) is passed over with its arguments. Absent when there is
/// none, or the command changes the folder first.
std::optional<CommandScript> script_in_command(std::string_view command);

/// The words of a shell command that are absolute paths, quotes removed.
std::set<std::string> absolute_paths(std::string_view command);

/// `word` quoted for a POSIX shell where it needs to be.
std::string shell_quoted(std::string_view word);

/// `command` with `flag value` for its script: in the place of the value that the flag has, or
/// behind the script; at the end where there is no script to be seen.
std::string with_option(std::string command, std::string_view flag, std::string_view value);

/// The option that what stands at `offset` is the value of, e.g. `--lr` of `--lr 0.1` and
/// `--lr=0.1`; empty when it is none.
std::string_view flag_before(std::string_view command, std::size_t offset);

/// One `${{inputs.lr}}` in a text.
struct Expression {
    /// Bytes of the whole expression in the text it was found in.
    Span span;
    /// "inputs", "outputs", or what else stands before the first dot.
    std::string root;
    /// What follows the first dot up to the next, e.g. "lr"; empty when there is none.
    std::string name;
    /// False when `}}` is missing.
    bool closed = true;
};

/// The expressions of a command, in order. Source: CLI (v2) core YAML syntax, "Using expressions".
std::vector<Expression> find_expressions(std::string_view text);

}  // namespace aml::runconfig
