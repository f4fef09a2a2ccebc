#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aml::emulator {

using json = nlohmann::json;

/// Reads JSON that came from outside; absent when it is not JSON or nested so deeply that walking
/// it would be dangerous.
std::optional<json> parse_json(std::string_view text);
/// JSON on one line. Bytes that are not UTF-8 cannot be in it; they become U+FFFD rather than a
/// failure.
std::string json_text(const json& value);
/// The value of an object's member as text, "" when it is absent, null or something else.
std::string text_at(const json& object, std::string_view key);

}  // namespace aml::emulator
