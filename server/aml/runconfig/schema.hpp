#pragma once

#include "support/localize.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// JSON types a key may have, as bits.
namespace types {
inline constexpr std::uint8_t string = 1;
inline constexpr std::uint8_t integer = 2;
inline constexpr std::uint8_t number = 4;
inline constexpr std::uint8_t boolean = 8;
inline constexpr std::uint8_t object = 16;
inline constexpr std::uint8_t array = 32;
inline constexpr std::uint8_t null = 64;
inline constexpr std::uint8_t any = 127;
}  // namespace types

/// One permitted value of a key.
struct EnumValue {
    std::string_view value;
    Localizable doc;
    /// What REST calls it; empty: the same.
    std::string_view rest = {};
    /// No stable version of Azure's interface has it.
    bool preview = false;
};

struct Node;
struct ObjectSchema;

/// What a key names or holds, for completion.
enum class Meaning : std::uint8_t {
    Plain,
    ExperimentName,
    ComputeTarget,
    EnvironmentReference,
    DataReference,
    CommandLine,
};

/// One key of the schema, and all there is to say of it: what it may be, what completion and hover
/// show, and what becomes of it in REST.
struct KeySchema {
    std::string_view name;
    std::uint8_t types;
    /// Markdown, for hover and completion.
    Localizable doc;
    /// Its name in REST, where `/` leads into an object. Empty: it is not sent as it is; what reads
    /// the object says what becomes of it.
    std::string_view rest = {};
    /// Array only, its name in REST when that is another one.
    std::string_view rest_of_list = {};
    /// Its value in REST, where that is neither the value written nor `EnumValue::rest`.
    nlohmann::json (*convert)(const Node& value) = nullptr;
    /// Its value in the file by that in REST, where `convert` is set.
    nlohmann::json (*restore)(const nlohmann::json& value) = nullptr;
    /// Its value in REST when the key is left out; empty: none.
    std::string_view implied = {};
    bool required = false;
    std::span<const EnumValue> values = {};
    /// The shape when it is an object.
    const ObjectSchema* object = nullptr;
    Meaning meaning = Meaning::Plain;
    /// Integers only.
    std::int64_t minimum = INT64_MIN;
    /// Space-separated values of the object's `type` that have this key; empty: all.
    std::string_view only_for = {};
    /// Set by Azure ML; in a file it is ignored.
    bool read_only = false;
    /// No stable version of Azure's interface has it; it is sent all the same, as the Azure CLI
    /// does.
    bool preview = false;
    /// JSON text a completion inserts; empty: by type.
    std::string_view snippet = {};
    /// Array only: the type of its items, else any.
    std::uint8_t items = 0;
};

/// The keys of one object.
struct ObjectSchema {
    std::span<const KeySchema> keys = {};
    /// What every key is that is not among `keys`, such as those of a dictionary, which has no
    /// `keys`; null when no other is allowed.
    const KeySchema* additional = nullptr;
    /// Anything is allowed inside.
    bool free_form = false;

    /// A member that REST has and the file has not: what it is called and what it says.
    struct Marker {
        std::string_view name;
        std::string_view value;
    };

    Marker marker = {};

    bool is_dictionary() const { return additional != nullptr && keys.empty(); }

    const KeySchema* find(std::string_view key) const;
};

/// The nearest of `candidates` to `text` when it is near enough to be a slip; empty otherwise.
std::string_view nearest(std::string_view text, const std::vector<std::string_view>& candidates);

}  // namespace aml::runconfig
