#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How jobs see the system they run on; each has its own sources.

namespace aml::execution {

/// How a job's command is run.
struct JobShell {
    /// The first is the shell's path, the last the command.
    std::vector<std::string> arguments;
    /// A line for the job's log; "" when it is the shell that Azure uses.
    std::string note{};
};

/// `path` is written as the variable PATH is. Throws: Rejected, with the remedy, when no shell of
/// this machine can run the command.
JobShell choose_shell(std::string_view command, std::string_view path);

/// Where a virtual environment has its programs. Source: sysconfig's schemes of Python.
std::filesystem::path programs_of(const std::filesystem::path& environment);

/// `path` with `folder` before all others.
std::string search_first(const std::filesystem::path& folder, std::string_view path);

/// Why a file here cannot have this name, which may have several parts with '/' between them: a
/// sentence, "" when it can.
std::string objection_to(std::string_view name);

/// Whether two names that differ in case only are one file, as the system usually has it.
bool names_ignore_case();

}  // namespace aml::execution
