#include "azure/workspaces.hpp"

#include "azure/page_reader.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace aml::azure {

bool Workspace::runs_jobs() const {
    return kind.empty() || same_name(kind, "Default") || same_name(kind, "Project") ||
           same_name(kind, "Hub");
}

bool Workspace::has_managed_network() const {
    return !network_isolation.empty() && !same_name(network_isolation, "Disabled");
}

bool Workspace::wants_identities() const {
    return same_name(datastores_auth_mode, "Identity");
}

Workspace workspace_from_json(const nlohmann::json& resource) {
    const auto& properties = member(resource, {"properties"});
    Workspace workspace;
    workspace.id = ResourceId::parse(text(resource, "id")).value_or(ResourceId());
    workspace.name = text(resource, "name");
    workspace.location = text(resource, "location");
    workspace.kind = text(resource, "kind");
    workspace.friendly_name = text(properties, "friendlyName");
    workspace.workspace_id = text(properties, "workspaceId");
    workspace.tenant_id = text(properties, "tenantId");
    workspace.discovery_url = text(properties, "discoveryUrl");
    workspace.mlflow_tracking_uri = text(properties, "mlFlowTrackingUri");
    workspace.provisioning_state = text(properties, "provisioningState");
    workspace.storage_account = text(properties, "storageAccount");
    workspace.key_vault = text(properties, "keyVault");
    workspace.application_insights = text(properties, "applicationInsights");
    workspace.container_registry = text(properties, "containerRegistry");
    workspace.datastores_auth_mode = text(properties, "systemDatastoresAuthMode");
    workspace.public_network_access = text(properties, "publicNetworkAccess");
    workspace.network_isolation = text(member(properties, {"managedNetwork"}), "isolationMode");
    workspace.v1_legacy_mode = boolean(properties, "v1LegacyMode");
    return workspace;
}

asio::awaitable<Page<Workspace>> workspaces::list_by_subscription(Client& client,
                                                                  std::string subscription,
                                                                  std::stop_token stop) {
    auto request = client.arm(
        http::Method::Get,
        localize("list the workspaces"),
        fmt::format("/subscriptions/{}/providers/Microsoft.MachineLearningServices/workspaces",
                    subscription),
        client.ml_api_version());
    return arm_page<Workspace>(client, std::move(request), workspace_from_json, std::move(stop));
}

asio::awaitable<Workspace> workspaces::get(Client& client, ResourceId id, std::stop_token stop) {
    auto request = client.arm(
        http::Method::Get, localize("read the workspace"), id.to_string(), client.ml_api_version());
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    co_return workspace_from_json(answer.body);
}

asio::awaitable<std::optional<Workspace>> workspaces::find(Client& client,
                                                           ResourceId id,
                                                           std::stop_token stop) {
    try {
        co_return co_await get(client, std::move(id), std::move(stop));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::NotFound) throw;
    }
    co_return std::nullopt;
}

asio::awaitable<void> workspaces::remove(Client& client,
                                         ResourceId id,
                                         Deletion deletion,
                                         OnOperationProgress on_progress,
                                         std::stop_token stop) {
    const auto operation = localize("delete the workspace {}", id.name());
    Query query;
    if (deletion == Deletion::Permanent) query.emplace_back("forceToPurge", "true");
    auto request =
        client.arm(http::Method::Delete, operation, id.to_string(), client.ml_api_version(), query);
    auto resource =
        client.arm(http::Method::Get, operation, id.to_string(), client.ml_api_version());
    auto started = co_await client.send(std::move(request), stop);
    if (started.status == 204) co_return;
    co_await wait_until_done(
        client, std::move(started), std::move(resource), std::move(on_progress), stop);
    client.forget(id);
}

std::string workspace_name_problem(std::string_view name) {
    if (name.size() < 3 || name.size() > 33)
        return localize("A workspace name has 3 to 33 characters.");
    const auto is_plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    if (!is_plain(name.front())) return localize("A workspace name starts with a letter or digit.");
    const bool fine = std::all_of(
        name.begin(), name.end(), [&](char c) { return is_plain(c) || c == '-' || c == '_'; });
    return fine ? std::string()
                : localize(
                      "A workspace name may hold only letters, digits, hyphens and underscores.");
}

}  // namespace aml::azure
