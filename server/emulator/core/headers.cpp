#include "core/headers.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace aml::emulator {

Headers::Headers(std::initializer_list<Field> fields)
    : fields_(fields) {}

void Headers::set(std::string_view name, std::string value) {
    erase(name);
    add(name, std::move(value));
}

void Headers::add(std::string_view name, std::string value) {
    fields_.emplace_back(std::string(name), std::move(value));
}

void Headers::erase(std::string_view name) {
    std::erase_if(fields_, [&](const Field& field) { return same_text(field.first, name); });
}

bool Headers::has(std::string_view name) const {
    return std::any_of(fields_.begin(), fields_.end(), [&](const Field& field) {
        return same_text(field.first, name);
    });
}

const std::string& Headers::get(std::string_view name) const {
    static const std::string none;
    for (const auto& [key, value] : fields_) {
        if (same_text(key, name)) return value;
    }
    return none;
}

}  // namespace aml::emulator
