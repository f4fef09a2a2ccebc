#include "azure/json_fields.hpp"

#include <fmt/format.h>

namespace aml::azure {

using nlohmann::json;

const json& member(const json& object, std::initializer_list<std::string_view> path) {
    static const json nothing;
    const json* current = &object;
    for (const auto name : path) {
        if (!current->is_object()) return nothing;
        const auto found = current->find(name);
        if (found == current->end()) return nothing;
        current = &*found;
    }
    return *current;
}

std::string text(const json& object, std::string_view name) {
    const auto& value = member(object, {name});
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
    return value.is_number() ? value.dump() : std::string();
}

std::optional<std::int64_t> integer(const json& object, std::string_view name) {
    const auto value = number(object, name);
    if (!value || *value < -9.0e18 || *value > 9.0e18) return std::nullopt;
    const auto& exact = member(object, {name});
    return exact.is_number_integer() ? exact.get<std::int64_t>()
                                     : static_cast<std::int64_t>(*value);
}

std::optional<double> number(const json& object, std::string_view name) {
    const auto& value = member(object, {name});
    if (value.is_number()) return value.get<double>();
    if (!value.is_string()) return std::nullopt;
    const auto parsed = json::parse(value.get_ref<const std::string&>(), nullptr, false);
    return parsed.is_number() ? std::optional(parsed.get<double>()) : std::nullopt;
}

bool boolean(const json& object, std::string_view name) {
    const auto& value = member(object, {name});
    return value.is_boolean() && value.get<bool>();
}

std::optional<async::Clock::TimePoint> time(const json& object, std::string_view name) {
    const auto& value = member(object, {name});
    return value.is_string() ? parse_time(value.get_ref<const std::string&>()) : std::nullopt;
}

std::optional<std::chrono::milliseconds> duration(const json& object, std::string_view name) {
    const auto& value = member(object, {name});
    return value.is_string() ? parse_duration(value.get_ref<const std::string&>()) : std::nullopt;
}

std::map<std::string, std::string> text_map(const json& object, std::string_view name) {
    std::map<std::string, std::string> result;
    const auto& values = member(object, {name});
    if (!values.is_object()) return result;
    for (const auto& [key, value] : values.items()) {
        if (value.is_primitive() && !value.is_null()) result[key] = text(values, key);
    }
    return result;
}

}  // namespace aml::azure
