#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aml::emulator {

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
