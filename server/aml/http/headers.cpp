#include "http/headers.hpp"

#include <algorithm>

namespace aml::http {
namespace {

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

bool iequals(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return lower(a) == lower(b);
    });
}

std::string to_lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

Headers::Headers(std::initializer_list<Field> fields) {
    for (const auto& [name, value] : fields) set(name, value);
}

void Headers::set(std::string name, std::string value) {
    const auto same = [&name](const Field& field) { return iequals(field.first, name); };
    const auto found = std::find_if(fields_.begin(), fields_.end(), same);
    if (found == fields_.end()) {
        fields_.emplace_back(std::move(name), std::move(value));
        return;
    }
    found->second = std::move(value);
    fields_.erase(std::remove_if(std::next(found), fields_.end(), same), fields_.end());
}

void Headers::remove(std::string_view name) {
    std::erase_if(fields_, [name](const Field& field) { return iequals(field.first, name); });
}

std::optional<std::string> Headers::get(std::string_view name) const {
    for (const auto& [key, value] : fields_) {
        if (iequals(key, name)) return value;
    }
    return std::nullopt;
}

bool Headers::contains(std::string_view name) const {
    return get(name).has_value();
}

}  // namespace aml::http
