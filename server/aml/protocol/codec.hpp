#pragma once

#include "support/secret.hpp"

#include <nlohmann/json.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// What the generated code is written in: decode and encode for the model's built-in types.
/// Decoding throws Error of kind InvalidParams whose message names the place: `/params/items/0/id:
/// expected string`. An optional field that is null counts as absent; fields that the model does
/// not know are ignored.
namespace aml::protocol {

using Json = nlohmann::json;

/// LSP's name for a progress.
using ProgressToken = std::variant<std::int64_t, std::string>;

/// Parameters of a message that has none.
struct NoParams {
    bool operator==(const NoParams&) const = default;
};

/// Where a value stands in a message. Lives on the stack: keeps references to its parent and to its
/// key.
class Path final {
public:
    /// The root, named like a first step: `/params`.
    explicit Path(std::string_view root)
        : key_(root) {}

    Path at(std::string_view key) const { return {this, key, 0}; }

    Path at(std::size_t index) const { return {this, {}, index}; }

    /// As a JSON pointer (RFC 6901).
    std::string pointer() const;

private:
    Path(const Path* parent, std::string_view key, std::size_t index)
        : parent_(parent),
          key_(key),
          index_(index) {}

    const Path* parent_ = nullptr;
    std::string_view key_;
    std::size_t index_ = 0;
};

/// A set of words that Azure, an editor or a later version may extend: keeps words it does not
/// know.
class OpenEnum {
public:
    OpenEnum() = default;

    template <std::convertible_to<std::string_view> Text>
    OpenEnum(const Text& text)
        : text_(std::string_view(text)) {}

    const std::string& text() const { return text_; }

    friend bool operator==(const OpenEnum&, const OpenEnum&) = default;

private:
    std::string text_;
};

/// Throws InvalidParams: "<path>: expected <what>".
[[noreturn]] void fail_expected(const Path& path, std::string_view what);
void expect_object(const Json& json, const Path& path);
/// The `kind` of a tagged union.
std::string read_kind(const Json& json, const Path& path);

void decode(const Json& json, std::string& value, const Path& path);
void decode(const Json& json, bool& value, const Path& path);
void decode(const Json& json, std::int64_t& value, const Path& path);
void decode(const Json& json, std::uint64_t& value, const Path& path);
void decode(const Json& json, double& value, const Path& path);
void decode(const Json& json, Json& value, const Path& path);
void decode(const Json& json, Secret& value, const Path& path);
void decode(const Json& json, ProgressToken& value, const Path& path);
void decode(const Json& json, OpenEnum& value, const Path& path);
/// Accepts anything: clients send null, {} or nothing.
void decode(const Json& json, NoParams& value, const Path& path);

Json encode(const std::string& value);
Json encode(bool value);
Json encode(std::int64_t value);
Json encode(std::uint64_t value);
Json encode(double value);
Json encode(const Json& value);
Json encode(const Secret& value);
Json encode(const ProgressToken& value);
Json encode(const OpenEnum& value);
Json encode(const NoParams& value);

template <typename T>
void decode(const Json& json, std::vector<T>& value, const Path& path) {
    if (!json.is_array()) fail_expected(path, "array");
    value.clear();
    value.reserve(json.size());
    for (std::size_t i = 0; i < json.size(); ++i) decode(json[i], value.emplace_back(), path.at(i));
}

template <typename T>
void decode(const Json& json, std::map<std::string, T>& value, const Path& path) {
    expect_object(json, path);
    value.clear();
    for (const auto& [key, item] : json.items()) decode(item, value[key], path.at(key));
}

/// A result that may be null.
template <typename T>
void decode(const Json& json, std::optional<T>& value, const Path& path) {
    value.reset();
    if (!json.is_null()) decode(json, value.emplace(), path);
}

template <typename T>
Json encode(const std::vector<T>& value) {
    Json json = Json::array();
    for (const T& item : value) json.push_back(encode(item));
    return json;
}

template <typename T>
Json encode(const std::map<std::string, T>& value) {
    Json json = Json::object();
    for (const auto& [key, item] : value) json[key] = encode(item);
    return json;
}

template <typename T>
Json encode(const std::optional<T>& value) {
    return value ? encode(*value) : Json(nullptr);
}

template <typename T>
void read_field(const Json& json, const char* name, T& value, const Path& path) {
    const auto found = json.find(name);
    static const Json absent;
    decode(found == json.end() ? absent : *found, value, path.at(name));
}

template <typename T>
void read_optional(const Json& json, const char* name, std::optional<T>& value, const Path& path) {
    const auto found = json.find(name);
    value.reset();
    if (found != json.end() && !found->is_null()) decode(*found, value.emplace(), path.at(name));
}

template <typename T>
void write_field(Json& json, const char* name, const T& value) {
    json[name] = encode(value);
}

template <typename T>
void write_optional(Json& json, const char* name, const std::optional<T>& value) {
    if (value) json[name] = encode(*value);
}

/// Decodes a whole value. `root` begins the pointers in error messages. Throws: InvalidParams.
template <typename T>
T decode(const Json& json, std::string_view root = "") {
    T value{};
    decode(json, value, Path(root));
    return value;
}

/// A place in a message that holds a secret; `part` is `params` or `result`.
struct SecretPath {
    std::string_view method;
    std::string_view part;
    const char* pointer;
};

/// Every such place; generated.
const std::vector<SecretPath>& secret_paths();

/// `json` (the params or result of `method`) with every secret replaced by "[secret]", for logs and
/// recordings.
Json redact(std::string_view method, std::string_view part, Json json);

}  // namespace aml::protocol
