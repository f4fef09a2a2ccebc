#pragma once

#include "runconfig/command_job.hpp"

#include <optional>

namespace aml::runconfig {

/// Sets a member of a JSON object, sorted or not; what has no value is left out.
template <typename Json, typename T>
void put(Json& object, const char* name, const std::optional<T>& value) {
    if (value) object[name] = *value;
}

/// As `put`; a dictionary without entries is left out.
template <typename Json>
void put_map(Json& object, const char* name, const StringMap& map) {
    if (!map.empty()) object[name] = map;
}

}  // namespace aml::runconfig
