#pragma once

#include <string>
#include <string_view>

namespace aml::emulator {

/// ASCII lower case; other bytes stay as they are.
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);
/// ASCII comparison without regard to case.
bool same_text(std::string_view left, std::string_view right);
bool starts_with_text(std::string_view text, std::string_view prefix);

/// Decodes %XX (and '+' as a space when `plus_is_space`). Broken escapes stay as they are.
std::string percent_decode(std::string_view text, bool plus_is_space = false);
/// Encodes everything but the unreserved characters of RFC 3986 and those in `keep`.
std::string percent_encode(std::string_view text, std::string_view keep = "");
std::string html_escape(std::string_view text);
std::string xml_escape(std::string_view text);
/// False for text that is not well-formed UTF-8 (such text cannot go into JSON).
bool is_utf8(std::string_view text);

}  // namespace aml::emulator
