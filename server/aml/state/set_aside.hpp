#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace aml::state {

/// Renames a file that cannot be used to `<name>.damaged-<UTC time>`, so that nothing is lost and
/// work can go on, and returns the sentence that tells the user. When it cannot be renamed it stays
/// and the sentence says so. Blocking.
std::string set_aside(const std::filesystem::path& file, std::string_view reason);

}  // namespace aml::state
