#pragma once

#include <filesystem>
#include <string>
#include <string_view>

/// Windows' own texts are UTF-16, ours UTF-8.
namespace aml::platform {

std::wstring to_wide(std::string_view text);

/// Half a character, which names of files can have, becomes bytes that are not well-formed UTF-8.
std::string to_utf8(std::wstring_view text);

/// The absolute path in the form that has no limit of 260 characters and means exactly the names it
/// has: "\\?\C:\…", "\\?\UNC\server\share\…".
std::wstring unlimited(const std::filesystem::path& path);

}  // namespace aml::platform
