#pragma once

#include <nlohmann/json.hpp>

namespace aml::features {

/// What is different between two JSON objects, as `runs/viewChanges` tells it.
struct ViewChanges {
    /// The fields that are different, null for those that are gone.
    nlohmann::json fields = nlohmann::json::object();
    /// Of fields that are lists of the same names, in the same order: from the name to the item
    /// that is different.
    nlohmann::json items = nlohmann::json::object();
};

/// Field by field.
ViewChanges changes_between(const nlohmann::json& before, const nlohmann::json& after);

}  // namespace aml::features
