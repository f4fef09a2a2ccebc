#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aml::platform {

/// The value of an environment variable in UTF-8; empty when it is not set.
std::string variable(const char* name);

using Variables = std::vector<std::pair<std::string, std::string>>;

/// All variables of this process.
Variables variables();

/// Whether two names mean one variable: on Windows case does not count.
bool same_variable(std::string_view left, std::string_view right);

/// `all` with `more` added, or in the place of what has its name.
Variables with_variables(Variables all, const Variables& more);

/// The user's home folder, as the environment and as the system has it: one, two or none, absolute.
std::vector<std::filesystem::path> home_folders();

/// Where programs keep their state for this user, each in a folder of its own: `XDG_STATE_HOME` if
/// it is absolute; else the system's place: `~/.local/state` (Linux), `~/Library/Application
/// Support` (macOS), `%LOCALAPPDATA%` (Windows). Empty when the user has no home folder.
std::filesystem::path state_home();

/// The same for what can be made again: `XDG_CACHE_HOME`; `~/.cache`, `~/Library/Caches`,
/// `%LOCALAPPDATA%`.
std::filesystem::path cache_home();

/// The user's language as a locale's name ("zh_CN.UTF-8", "zh-CN"): of LC_ALL, LC_MESSAGES, LANG
/// the first that is set, else the system's setting. Empty when nothing says.
std::string user_locale();

/// The signals that ask this program to end.
std::vector<int> stop_signals();

}  // namespace aml::platform
