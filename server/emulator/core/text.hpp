#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

/// Standard Base64 with padding.
std::string base64_encode(std::string_view bytes);
/// Absent when `text` is not Base64.
std::optional<std::string> base64_decode(std::string_view text);
/// URL-safe Base64 without padding (RFC 4648, section 5).
std::string base64url_encode(std::string_view bytes);
std::optional<std::string> base64url_decode(std::string_view text);

std::string hex(std::string_view bytes);
std::string sha256(std::string_view bytes);
std::string md5(std::string_view bytes);
/// Raw HMAC-SHA-256 of `bytes` under `key`.
std::string hmac_sha256(std::string_view key, std::string_view bytes);
/// Cryptographically secure random bytes.
std::string random_bytes(std::size_t count);

using Time = std::chrono::system_clock::time_point;

/// Milliseconds since 1970, the form in which times are stored.
std::int64_t to_millis(Time time);
Time from_millis(std::int64_t millis);
/// `2026-01-01T08:04:15.0150000+00:00`, the form of ARM and run history.
std::string iso_time(Time time);
/// `2026-01-01T08:04:15Z`, the form of SAS tokens.
std::string iso_seconds(Time time);
/// `Thu, 01 Jan 2026 08:04:15 GMT`, the form of HTTP headers.
std::string http_time(Time time);
/// Reads ISO 8601 with optional fraction and zone (`Z`, `+hh:mm`, none = UTC), a date alone, or a
/// blank for the `T`.
std::optional<Time> parse_iso_time(std::string_view text);
/// Reads an ISO 8601 duration of days, hours, minutes and seconds such as `PT2H30M`.
std::optional<std::chrono::seconds> parse_iso_duration(std::string_view text);

}  // namespace aml::emulator
