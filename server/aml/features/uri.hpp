#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace aml::features {

/// Whether it is a `file:` URI.
bool is_file_uri(std::string_view uri);

/// The absolute path of a `file:` URI. Throws: Rejected for a document that was never saved and for
/// one that is not on this machine, saying what to do.  Source: RFC 8089.
std::filesystem::path path_of_uri(std::string_view uri);

/// The `file:` URI of an absolute path, in the letters of VS Code, which compares them.
std::string uri_of_path(const std::filesystem::path& path);

/// How a system writes paths.
enum class PathStyle { Posix, Windows };

/// As above, for either style: on Windows `file:///c%3A/x` is `C:\x` and `file://server/share/x` is
/// `\\server\share\x`.
std::string path_text_of_uri(std::string_view uri, PathStyle style);
std::string uri_of_path_text(std::string_view path, PathStyle style);

}  // namespace aml::features
