#include "http/headers.hpp"

#include "support/text.hpp"

#include <algorithm>

namespace aml::http {

Headers::Headers(std::initializer_list<Field> fields) {
    for (const auto& [name, value] : fields) set(name, value);
}

void Headers::set(std::string name, std::string value) {
    const auto same = [&name](const Field& field) { return same_name(field.first, name); };
    const auto found = std::find_if(fields_.begin(), fields_.end(), same);
    if (found == fields_.end()) {
        fields_.emplace_back(std::move(name), std::move(value));
        return;
    }
    found->second = std::move(value);
    fields_.erase(std::remove_if(std::next(found), fields_.end(), same), fields_.end());
}

void Headers::remove(std::string_view name) {
    std::erase_if(fields_, [name](const Field& field) { return same_name(field.first, name); });
}

std::optional<std::string> Headers::get(std::string_view name) const {
    for (const auto& [key, value] : fields_) {
        if (same_name(key, name)) return value;
    }
    return std::nullopt;
}

bool Headers::contains(std::string_view name) const {
    return get(name).has_value();
}

}  // namespace aml::http
