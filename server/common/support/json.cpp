#include "support/json.hpp"

#include <nlohmann/json.hpp>

namespace aml {

std::optional<std::string> text_member(const nlohmann::json& object, const char* name) {
    if (!object.is_object()) return std::nullopt;
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

std::string text_of(const nlohmann::json& object, const char* name) {
    return text_member(object, name).value_or(std::string());
}

}  // namespace aml
