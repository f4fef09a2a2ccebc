#include "azure/error_facts.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"

#include <array>
#include <utility>

namespace aml::azure {
namespace {

constexpr std::array<std::pair<std::string_view, Localizable>, 11> kinds{{
    {"workspaces", Localizable("workspace")},
    {"computes", Localizable("compute")},
    {"jobs", Localizable("run")},
    {"environments", Localizable("environment")},
    {"codes", Localizable("code snapshot")},
    {"data", Localizable("data asset")},
    {"models", Localizable("model")},
    {"datastores", Localizable("datastore")},
    {"resourcegroups", Localizable("resource group")},
    {"subscriptions", Localizable("subscription")},
    {"storageaccounts", Localizable("storage account")},
}};

LocalizedText kind_of(std::string_view type) {
    for (const auto& [segment, kind] : kinds) {
        if (same_name(segment, type)) return localize(kind);
    }
    return localize("resource");
}

/// Takes the part after the last '/' off the end of `path`.
std::string take_last(std::string_view& path) {
    const auto slash = path.rfind('/');
    auto last = std::string(path.substr(slash == std::string_view::npos ? 0 : slash + 1));
    path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
    return last;
}

/// The value in "…, {name}: {value}, …".
std::string listed(std::string_view message, std::string_view name) {
    const auto at = lower(message).find(lower(name) + ": ");
    if (at == std::string::npos) return {};
    const auto value = message.substr(at + name.size() + 2);
    auto end = value.find_first_of(",;\r\n");
    const auto stop = value.find(". ");
    if (stop < end) end = stop;
    auto result = std::string(value.substr(0, end));
    while (result.ends_with('.')) result.pop_back();
    return result;
}

}  // namespace

std::string quoted_after(std::string_view message, std::string_view words) {
    const auto at = lower(message).find(lower(words) + " ");
    if (at == std::string::npos) return {};
    auto rest = message.substr(at + words.size() + 1);
    const auto first = rest.empty() ? ' ' : rest.front();
    if (first != '\'' && first != '"' && first != '`') return {};
    rest.remove_prefix(1);
    const auto end = rest.find(first);
    return end == std::string_view::npos ? std::string() : std::string(rest.substr(0, end));
}

PermissionFacts permission_facts(std::string_view message) {
    PermissionFacts facts;
    std::string scope;
    // The linked form names what is allowed first and what is missing last.
    for (const auto* words : {"perform action(s)", "perform action"}) {
        facts.action = quoted_after(message, words);
        if (!facts.action.empty()) break;
    }
    for (const auto* words : {"linked scope(s)", "over scope"}) {
        scope = quoted_after(message, words);
        if (!scope.empty()) break;
    }
    std::string_view path = scope;
    if (path.empty()) return facts;
    const auto name = take_last(path);
    facts.scope = localize("the {} {}", kind_of(take_last(path)), name);
    return facts;
}

QuotaFacts quota_facts(std::string_view message) {
    QuotaFacts facts;
    facts.region = listed(message, "Location");
    facts.limit = listed(message, "Current Limit");
    facts.usage = listed(message, "Current Usage");
    facts.needed = listed(message, "Additional Required");
    if (facts.usage.empty() || facts.needed.empty()) facts.limit.clear();
    return facts;
}

ResourceFacts resource_facts(std::string_view message) {
    ResourceFacts facts;
    const auto resource = quoted_after(message, "The Resource");
    facts.group = quoted_after(message, "resource group");
    std::string_view path = resource;
    if (path.empty() || facts.group.empty()) return {};
    facts.name = take_last(path);
    facts.kind = kind_of(take_last(path));
    return facts;
}

}  // namespace aml::azure
