#include "arm/provider_resources.hpp"

#include <fmt/format.h>

namespace aml::emulator {
namespace {

constexpr const char* provider_resource_table = R"(
CREATE TABLE provider_resources(
    subscription TEXT NOT NULL COLLATE NOCASE,
    resource_group TEXT NOT NULL COLLATE NOCASE,
    type TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL COLLATE NOCASE,
    id TEXT NOT NULL UNIQUE COLLATE NOCASE,
    body TEXT NOT NULL);
)";

ProviderResource read_provider_resource(const Row& row) {
    return {row.text(0), row.text(1), row.text(2), row.text(3), json::parse(row.text(4))};
}

}  // namespace

std::string ProviderResource::id() const {
    return fmt::format(
        "/subscriptions/{}/resourceGroups/{}/providers/{}/{}", subscription, group, type, name);
}

ProviderResources::ProviderResources(Store& store)
    : store_(store) {
    store_.migrate("provider_resources", {provider_resource_table});
}

std::optional<ProviderResource> ProviderResources::find(std::string_view id) {
    std::vector<ProviderResource> found;
    store_.query(
        "SELECT subscription, resource_group, type, name, body FROM provider_resources WHERE id = "
        "?",
        {std::string(id)},
        [&](const Row& row) { found.push_back(read_provider_resource(row)); });
    return first_found(std::move(found));
}

std::optional<ProviderResource> ProviderResources::find_named(std::string_view type,
                                                              std::string_view name) {
    std::vector<ProviderResource> found;
    store_.query(
        "SELECT subscription, resource_group, type, name, body FROM provider_resources WHERE type "
        "= ? AND name = ?",
        {std::string(type), std::string(name)},
        [&](const Row& row) { found.push_back(read_provider_resource(row)); });
    return first_found(std::move(found));
}

std::vector<ProviderResource> ProviderResources::list(std::string_view subscription,
                                                      std::string_view group) {
    std::vector<ProviderResource> found;
    store_.query(
        "SELECT subscription, resource_group, type, name, body FROM provider_resources WHERE "
        "subscription = ?1 AND (?2 = '' OR resource_group = ?2) ORDER BY rowid",
        {std::string(subscription), std::string(group)},
        [&](const Row& row) { found.push_back(read_provider_resource(row)); });
    return found;
}

void ProviderResources::put(const ProviderResource& resource) {
    store_.execute(
        "INSERT INTO provider_resources(subscription, resource_group, type, name, id, body) "
        "VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET body = excluded.body",
        {resource.subscription,
         resource.group,
         resource.type,
         resource.name,
         resource.id(),
         resource.body.dump()});
}

bool ProviderResources::remove(std::string_view id) {
    return store_.execute("DELETE FROM provider_resources WHERE id = ?", {std::string(id)}) > 0;
}

void ProviderResources::remove_group(std::string_view subscription, std::string_view group) {
    store_.execute("DELETE FROM provider_resources WHERE subscription = ? AND resource_group = ?",
                   {std::string(subscription), std::string(group)});
}

json resource_json(const ProviderResource& resource) {
    json shown{{"id", resource.id()}, {"name", resource.name}, {"type", resource.type}};
    shown.update(resource.body);
    shown["properties"]["provisioningState"] = "Succeeded";
    return shown;
}

const std::vector<std::string>& provider_types() {
    static const std::vector<std::string> all{"Microsoft.Storage/storageAccounts",
                                              "Microsoft.KeyVault/vaults",
                                              "Microsoft.Insights/components",
                                              "Microsoft.OperationalInsights/workspaces",
                                              "Microsoft.ContainerRegistry/registries"};
    return all;
}

}  // namespace aml::emulator
