#include "protocol/codec.hpp"

#include "support/error.hpp"

#include <fmt/format.h>

#include <cmath>

namespace aml::protocol {
namespace {

// Numbers beyond this lose digits in JavaScript.
constexpr std::int64_t largest = (std::int64_t{1} << 53) - 1;

std::optional<std::int64_t> whole_number(const Json& json) {
    if (json.is_number_unsigned()) {
        const auto value = json.get<std::uint64_t>();
        if (value > static_cast<std::uint64_t>(largest)) return std::nullopt;
        return static_cast<std::int64_t>(value);
    }
    if (json.is_number_integer()) {
        const auto value = json.get<std::int64_t>();
        return value < -largest ? std::nullopt : std::optional(value);
    }
    // Some languages write every number with a decimal point.
    if (!json.is_number_float()) return std::nullopt;
    const auto value = json.get<double>();
    if (std::trunc(value) != value || std::abs(value) > static_cast<double>(largest))
        return std::nullopt;
    return static_cast<std::int64_t>(value);
}

std::string escaped(std::string_view key) {
    std::string text;
    for (const char letter : key) {
        if (letter == '~') {
            text += "~0";
        } else if (letter == '/') {
            text += "~1";
        } else {
            text += letter;
        }
    }
    return text;
}

}  // namespace

std::string Path::pointer() const {
    if (parent_ == nullptr) return std::string(key_);
    // An empty view with no data is an index; an empty key has data.
    const auto step = key_.data() == nullptr ? std::to_string(index_) : escaped(key_);
    return parent_->pointer() + "/" + step;
}

void fail_expected(const Path& path, std::string_view what) {
    throw Error(ErrorKind::InvalidParams, fmt::format("{}: expected {}", path.pointer(), what));
}

void expect_object(const Json& json, const Path& path) {
    if (!json.is_object()) fail_expected(path, "object");
}

std::string read_kind(const Json& json, const Path& path) {
    expect_object(json, path);
    std::string kind;
    read_field(json, "kind", kind, path);
    return kind;
}

void decode(const Json& json, std::string& value, const Path& path) {
    if (!json.is_string()) fail_expected(path, "string");
    value = json.get_ref<const std::string&>();
}

void decode(const Json& json, bool& value, const Path& path) {
    if (!json.is_boolean()) fail_expected(path, "true or false");
    value = json.get<bool>();
}

void decode(const Json& json, std::int64_t& value, const Path& path) {
    const auto number = whole_number(json);
    if (!number) fail_expected(path, "whole number");
    value = *number;
}

void decode(const Json& json, std::uint64_t& value, const Path& path) {
    const auto number = whole_number(json);
    if (!number || *number < 0) fail_expected(path, "whole number, 0 or more");
    value = static_cast<std::uint64_t>(*number);
}

void decode(const Json& json, double& value, const Path& path) {
    if (!json.is_number()) fail_expected(path, "number");
    value = json.get<double>();
}

void decode(const Json& json, Json& value, const Path&) {
    value = json;
}

void decode(const Json& json, Secret& value, const Path& path) {
    std::string text;
    decode(json, text, path);
    value = Secret(std::move(text));
}

void decode(const Json& json, ProgressToken& value, const Path& path) {
    if (json.is_string()) {
        value = json.get<std::string>();
        return;
    }
    const auto number = whole_number(json);
    if (!number) fail_expected(path, "string or whole number");
    value = *number;
}

void decode(const Json& json, OpenEnum& value, const Path& path) {
    std::string text;
    decode(json, text, path);
    value = OpenEnum(text);
}

void decode(const Json&, NoParams&, const Path&) {}

Json encode(const std::string& value) {
    return value;
}

Json encode(bool value) {
    return value;
}

Json encode(std::int64_t value) {
    return value;
}

Json encode(std::uint64_t value) {
    return value;
}

Json encode(double value) {
    return value;
}

Json encode(const Json& value) {
    return value;
}

Json encode(const Secret& value) {
    return value.reveal();
}

Json encode(const ProgressToken& value) {
    return std::visit([](const auto& token) { return Json(token); }, value);
}

Json encode(const OpenEnum& value) {
    return value.text();
}

Json encode(const NoParams&) {
    return Json::object();
}

Json redact(std::string_view method, std::string_view part, Json json) {
    for (const auto& secret : secret_paths()) {
        if (secret.method != method || secret.part != part) continue;
        const Json::json_pointer pointer(secret.pointer);
        if (json.contains(pointer)) json[pointer] = "[secret]";
    }
    return json;
}

}  // namespace aml::protocol
