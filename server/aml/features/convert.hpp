#pragma once

#include "async/clock.hpp"
#include "azure/json_fields.hpp"

#include <optional>
#include <string>

namespace aml::features {

/// On the wire what is empty is absent.
inline std::optional<std::string> unless_empty(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

/// A time as the wire has it; absent stays absent.
inline std::optional<std::string> written(const std::optional<async::Clock::TimePoint>& time) {
    return time ? std::optional(azure::format_time(*time)) : std::nullopt;
}

}  // namespace aml::features
