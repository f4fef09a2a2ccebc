#include "features/view_changes.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace aml::features {
namespace {

using nlohmann::json;

/// What an item of a list goes by.
std::optional<std::string> name_in(const json& item) {
    const auto name = item.is_object() ? item.find("name") : item.end();
    if (!item.is_object() || name == item.end() || !name->is_string()) return std::nullopt;
    return name->get<std::string>();
}

/// The items that are different, by their names; absent where names do not tell them apart, or are
/// not the same.
std::optional<json> changed_items(const json& before, const json& after) {
    if (!before.is_array() || !after.is_array() || before.size() != after.size())
        return std::nullopt;
    auto changed = json::object();
    std::set<std::string> names;
    for (std::size_t i = 0; i < after.size(); ++i) {
        const auto name = name_in(after[i]);
        if (!name || name != name_in(before[i]) || !names.insert(*name).second) return std::nullopt;
        if (before[i] != after[i]) changed[*name] = after[i];
    }
    return changed;
}

}  // namespace

ViewChanges changes_between(const json& before, const json& after) {
    ViewChanges changes;
    for (const auto& [key, value] : after.items()) {
        const auto known = before.find(key);
        if (known != before.end() && *known == value) continue;
        auto items = known == before.end() ? std::nullopt : changed_items(*known, value);
        if (items) {
            changes.items[key] = std::move(*items);
        } else {
            changes.fields[key] = value;
        }
    }
    for (const auto& [key, value] : before.items()) {
        if (!after.contains(key)) changes.fields[key] = nullptr;
    }
    changes.fields.erase("revision");
    return changes;
}

}  // namespace aml::features
