#include "azure/workspaces.hpp"

#include "azure/page_reader.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

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

}  // namespace aml::azure
