#pragma once

#include "support/localize.hpp"

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
}  // namespace types

/// One permitted value of a key.
struct EnumValue {
    std::string_view value;
    Localizable doc;
    /// No stable version of Azure's interface has it.
    bool preview = false;
};

struct ObjectSchema;

/// What a key names, for completion and existence checks.
enum class Meaning : std::uint8_t {
    Plain,
    ExperimentName,
    ComputeTarget,
    EnvironmentReference,
    CodeFolder,
    FilePath,
    InputPath,
    CommandLine,
};

/// One key of the schema.
struct KeySchema {
    std::string_view name;
    std::uint8_t types;
    /// Markdown, for hover and completion.
    Localizable doc;
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
    std::string_view name;
    std::span<const KeySchema> keys = {};
    /// For dictionaries: what every value is; null when only `keys` are allowed.
    const KeySchema* additional = nullptr;
    /// Anything is allowed inside.
    bool free_form = false;

    const KeySchema* find(std::string_view key) const;
};

/// The public Azure ML CLI v2 `commandJob` schema.
const ObjectSchema& command_job_schema();

/// The schema of the object at `path` below a command job; null when the schema knows no object
/// there.
const ObjectSchema* schema_at(const std::vector<std::string>& path);

/// The nearest of `candidates` to `text` when it is near enough to be a slip; empty otherwise.
std::string_view nearest(std::string_view text, const std::vector<std::string_view>& candidates);

}  // namespace aml::runconfig
