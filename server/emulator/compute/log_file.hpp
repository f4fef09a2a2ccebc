#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace aml::emulator {

/// Adds text to the end of a log that a process may be writing too.
void append_log(const std::filesystem::path& log, std::string_view text);

/// The last bytes of a log (16 KiB at most); "" when there is none.
std::string log_tail(const std::filesystem::path& log);

}  // namespace aml::emulator
