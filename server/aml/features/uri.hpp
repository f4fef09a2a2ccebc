#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace aml::features {

/// The absolute path of a `file:` URI. Throws: Rejected for a document that was never saved and for
/// one that is not on this machine, saying what to do.  Source: RFC 8089.
std::filesystem::path path_of_uri(std::string_view uri);

/// The `file:` URI of an absolute path.
std::string uri_of_path(const std::filesystem::path& path);

}  // namespace aml::features
