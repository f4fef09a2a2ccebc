#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aml::platform {

/// One command line of Windows from which programs read these arguments again.
/// Source: "Parsing C command-line arguments" (Microsoft C runtime).
std::string windows_command_line(const std::vector<std::string>& arguments);

/// What `cmd.exe` is called with to run a `.cmd` or `.bat` script, the first of `arguments`, its
/// path. Throws: `std::system_error` (`invalid_argument`) when one holds a quote, a percent sign or
/// a line end: `cmd.exe` would make more of it than an argument, however it is written.
std::string script_command_line(std::string_view cmd, const std::vector<std::string>& arguments);

/// Whether the file is a script of `cmd.exe`, by its ending.
bool is_cmd_script(std::string_view program);

}  // namespace aml::platform
