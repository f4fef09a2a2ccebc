#pragma once

#include "platform/environment.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aml::local {

/// A command that is one call of Python, as a debugger needs it.
struct PythonCall {
    /// Of the interpreter, such as "-u".
    std::vector<std::string> options{};
    /// The script, or after `-m` the module.
    std::string what{};
    bool is_module = false;
    std::vector<std::string> arguments{};
};

/// Takes a command apart as a POSIX shell would; `$NAME` and `${NAME}` are taken from `variables`.
/// Throws: Rejected, with the remedy, when it is something else than one call of Python with a
/// script or a module: a debugger starts no shell.
PythonCall python_call(std::string_view command, const platform::Variables& variables);

}  // namespace aml::local
