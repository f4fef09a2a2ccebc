#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace aml::auth {

/// A number of seconds, which services write as a number or as a text.
std::optional<std::chrono::seconds> seconds_of(const nlohmann::json& answer, const char* name);

}  // namespace aml::auth
