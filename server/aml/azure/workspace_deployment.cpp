#include "azure/json_fields.hpp"
#include "azure/workspaces.hpp"
#include "http/url.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::azure {
namespace {

using nlohmann::json;

/// `{first letters of the workspace}{what}{suffix}`, which suits every kind of resource.
std::string dependent_name(const ResourceId& workspace,
                           std::string_view what,
                           std::string_view suffix) {
    std::string name;
    for (const char c : lower(workspace.name())) {
        const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && !name.empty());
        if (fits && name.size() < 8) name += c;
    }
    return (fmt::format("{}{}{}", name.empty() ? "ws" : name, what, suffix)).substr(0, 24);
}

/// A resource of the template, and its id for those that depend on it.
struct Part {
    json resource;
    std::string id;
};

Part part_of(const ResourceId& workspace,
             std::string_view type,
             std::string name,
             std::string_view version,
             const std::string& location,
             json more) {
    Part part;
    part.id = fmt::format("/subscriptions/{}/resourceGroups/{}/providers/{}/{}",
                          workspace.subscription(),
                          workspace.resource_group(),
                          type,
                          name);
    part.resource = {
        {"type", type}, {"apiVersion", version}, {"name", std::move(name)}, {"location", location}};
    part.resource.update(more);
    return part;
}

json template_of(const ResourceId& workspace,
                 const WorkspaceSpec& spec,
                 std::string_view ml_version) {
    const auto make =
        [&](std::string_view type, std::string_view what, std::string_view version, json more) {
            return part_of(workspace,
                           type,
                           dependent_name(workspace, what, spec.suffix),
                           version,
                           spec.location,
                           std::move(more));
        };
    const auto storage = make("Microsoft.Storage/storageAccounts",
                              "storage",
                              "2023-04-01",
                              {{"kind", "StorageV2"},
                               {"sku", {{"name", "Standard_LRS"}}},
                               {"properties",
                                {{"supportsHttpsTrafficOnly", true},
                                 {"allowBlobPublicAccess", false},
                                 {"minimumTlsVersion", "TLS1_2"}}}});
    const auto vault = make("Microsoft.KeyVault/vaults",
                            "keyvault",
                            "2023-07-01",
                            {{"properties",
                              {{"tenantId", "[subscription().tenantId]"},
                               {"sku", {{"name", "standard"}, {"family", "A"}}},
                               {"accessPolicies", json::array()},
                               {"enableRbacAuthorization", true}}}});
    const auto logs = make("Microsoft.OperationalInsights/workspaces",
                           "logs",
                           "2020-08-01",
                           {{"properties", {{"sku", {{"name", "PerGB2018"}}}}}});
    const auto insights =
        make("Microsoft.Insights/components",
             "insights",
             "2020-02-02",
             {{"kind", "web"},
              {"dependsOn", {logs.id}},
              {"properties", {{"Application_Type", "web"}, {"WorkspaceResourceId", logs.id}}}});
    const auto main = part_of(workspace,
                              "Microsoft.MachineLearningServices/workspaces",
                              workspace.name(),
                              ml_version,
                              spec.location,
                              {{"kind", "Default"},
                               {"identity", {{"type", "SystemAssigned"}}},
                               {"dependsOn", {storage.id, vault.id, insights.id}},
                               {"properties",
                                {{"friendlyName", workspace.name()},
                                 {"storageAccount", storage.id},
                                 {"keyVault", vault.id},
                                 {"applicationInsights", insights.id},
                                 {"publicNetworkAccess", "Enabled"}}}});
    return {{"$schema",
             "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"},
            {"contentVersion", "1.0.0.0"},
            {"resources",
             {storage.resource, vault.resource, logs.resource, insights.resource, main.resource}}};
}

/// Begins the deployment. One that is under way already is this very one, whose answer was lost.
asio::awaitable<Answer> begin(Client& client,
                              http::Request put,
                              http::Request get,
                              std::stop_token stop) {
    try {
        co_return co_await client.send(std::move(put), stop);
    } catch (const Error& error) {
        if (!same_name(error.details().azure_code, "DeploymentActive")) throw;
    }
    co_return co_await client.send(std::move(get), std::move(stop));
}

}  // namespace

asio::awaitable<Workspace> workspaces::create(Client& client,
                                              ResourceId id,
                                              WorkspaceSpec spec,
                                              OnOperationProgress on_progress,
                                              std::stop_token stop) {
    const auto operation = localize("create the workspace {}", id.name());
    const auto path = fmt::format(
        "/subscriptions/{}/resourcegroups/{}/providers/Microsoft.Resources/deployments/"
        "{}-{}",
        id.subscription(),
        http::percent_encode(id.resource_group()),
        id.name(),
        spec.suffix);
    auto put = client.arm(http::Method::Put, operation, path, api_version::resource_groups);
    const auto get = client.arm(http::Method::Get, operation, path, api_version::resource_groups);
    const json properties{{"mode", "Incremental"},
                          {"template", template_of(id, spec, client.ml_api_version())},
                          {"parameters", json::object()}};
    const json body{{"properties", properties}};
    set_json(put, body);
    auto started = co_await begin(client, std::move(put), get, stop);
    co_await wait_until_done(client, std::move(started), get, std::move(on_progress), stop);
    co_return co_await workspaces::get(client, std::move(id), std::move(stop));
}

}  // namespace aml::azure
