#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace aml::auth {

/// The text of a member of an answer in JSON; "" when it has none.
std::string text_of(const nlohmann::json& answer, const char* name);

/// A number of seconds, which services write as a number or as a text.
std::optional<std::chrono::seconds> seconds_of(const nlohmann::json& answer, const char* name);

}  // namespace aml::auth
