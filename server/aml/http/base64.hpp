#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aml::http {

/// RFC 4648 with padding.
std::string base64_encode(std::string_view bytes);

/// Reads the standard and the URL-safe alphabet, with or without padding. Empty when `text` is
/// neither.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace aml::http
