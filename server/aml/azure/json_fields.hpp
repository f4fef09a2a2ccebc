#pragma once

#include "async/clock.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// Tolerant reading of Azure's JSON: absent, null and wrongly typed members read as "not there".
namespace aml::azure {

/// The member at a path such as {"properties", "scaleSettings"}; JSON null when anything on the way
/// is missing.
const nlohmann::json& member(const nlohmann::json& json,
                             std::initializer_list<std::string_view> path);

/// Text, or empty. Numbers and booleans are given as text.
std::string text(const nlohmann::json& json, std::string_view name);

std::optional<std::int64_t> integer(const nlohmann::json& json, std::string_view name);
std::optional<double> number(const nlohmann::json& json, std::string_view name);
bool boolean(const nlohmann::json& json, std::string_view name);
std::optional<async::Clock::TimePoint> time(const nlohmann::json& json, std::string_view name);
std::optional<std::chrono::milliseconds> duration(const nlohmann::json& json,
                                                  std::string_view name);

/// Members of an object whose values are text, number or boolean.
std::map<std::string, std::string> text_map(const nlohmann::json& json, std::string_view name);

/// ISO-8601 with up to 7 fractional digits and `Z`, an offset, or nothing (UTC). Empty when
/// unreadable.
std::optional<async::Clock::TimePoint> parse_time(std::string_view text);

/// ISO-8601 ("PT1H30M", "P1DT2H") or .NET TimeSpan ("1.02:03:04.5"). Empty when unreadable.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// RFC 3339 UTC with milliseconds, e.g. "2026-01-01T08:04:15.015Z".
std::string format_time(async::Clock::TimePoint time);

/// ISO-8601 in whole seconds, e.g. "PT120S".
std::string format_duration(std::chrono::seconds duration);

}  // namespace aml::azure
