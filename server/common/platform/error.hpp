#pragma once

#include <filesystem>
#include <system_error>

namespace aml::platform {

/// Why the last call of the system failed, on this thread. Compares with `std::errc` on every
/// system; `system_text` (support/system_text.hpp) tells it to the user.
std::error_code last_error();

/// Throws `last_error()` as a `std::filesystem::filesystem_error`. `what` names the call.
[[noreturn]] void throw_last_error(const char* what, const std::filesystem::path& path);

/// Whether the user's share of the disk is used up, which `std::errc` has no name for.
bool is_quota_exceeded(const std::error_code& error);

}  // namespace aml::platform
