#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace aml {

/// The text that is the member `name` of an object; absent when it has none, when that is no text,
/// and for what is no object.
std::optional<std::string> text_member(const nlohmann::json& object, const char* name);

/// The same, "" when absent.
std::string text_of(const nlohmann::json& object, const char* name);

}  // namespace aml
