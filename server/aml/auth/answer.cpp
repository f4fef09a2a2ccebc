#include "auth/answer.hpp"

namespace aml::auth {

std::optional<std::chrono::seconds> seconds_of(const nlohmann::json& answer, const char* name) {
    const auto found = answer.find(name);
    if (found == answer.end()) return std::nullopt;
    const auto value = found->is_string()
                           ? nlohmann::json::parse(found->get<std::string>(), nullptr, false)
                           : *found;
    if (!value.is_number()) return std::nullopt;
    return std::chrono::seconds(value.get<std::int64_t>());
}

}  // namespace aml::auth
