#pragma once

#include "azure/client.hpp"
#include "azure/page.hpp"

#include <string>

namespace aml::azure {

struct Workspace {
    ResourceId id{};
    std::string name{};
    std::string location{};
    /// Default, Hub, Project, FeatureStore, or text Azure added later.
    std::string kind{};
    std::string friendly_name{};
    /// GUID.
    std::string workspace_id{};
    std::string tenant_id{};
    std::string discovery_url{};
    std::string mlflow_tracking_uri{};
    std::string provisioning_state{};
    /// AccessKey, Identity, UserDelegationSAS; empty before 2025-06-01.
    std::string datastores_auth_mode{};
    std::string public_network_access{};
    /// Disabled, AllowInternetOutbound, AllowOnlyApprovedOutbound: of the network that Azure ML
    /// manages; may be empty.
    std::string network_isolation{};
    /// The v2 job APIs are blocked.
    bool v1_legacy_mode = false;

    /// Whether it can run jobs: kind Default, Project or Hub (or none).
    bool runs_jobs() const;
    /// Whether Azure ML manages its network.
    bool has_managed_network() const;
    /// Whether its datastores let identities in only, and no keys.
    bool wants_identities() const;
};

namespace workspaces {
/// Source: Workspaces - List By Subscription.
asio::awaitable<Page<Workspace>> list_by_subscription(Client& client,
                                                      std::string subscription,
                                                      std::stop_token stop);
/// Throws: NotFound, Forbidden.  Source: Workspaces - Get.
asio::awaitable<Workspace> get(Client& client, ResourceId id, std::stop_token stop);
}  // namespace workspaces

/// Reads one item of the service's JSON.
Workspace workspace_from_json(const nlohmann::json& json);

}  // namespace aml::azure
