#pragma once

#include "azure/client.hpp"
#include "azure/operation.hpp"
#include "azure/page.hpp"

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

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
    /// ARM ids of what it depends on; each may be empty.
    std::string storage_account{};
    std::string key_vault{};
    std::string application_insights{};
    std::string container_registry{};
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

/// A workspace to create.
struct WorkspaceSpec {
    std::string location{};
    /// Lower-case letters and digits, other ones each time: names of storage accounts and key
    /// vaults are unique in all of Azure, and that of a deleted key vault is kept.
    std::string suffix{};
};

/// Whether a workspace that is deleted can be recovered for 14 days, and its name is kept as long.
enum class Deletion { Recoverable, Permanent };

namespace workspaces {
/// Source: Workspaces - List By Subscription.
asio::awaitable<Page<Workspace>> list_by_subscription(Client& client,
                                                      std::string subscription,
                                                      std::stop_token stop);
/// Throws: NotFound, Forbidden.  Source: Workspaces - Get.
asio::awaitable<Workspace> get(Client& client, ResourceId id, std::stop_token stop);
/// Absent when it, its resource group or its subscription does not exist.
asio::awaitable<std::optional<Workspace>> find(Client& client, ResourceId id, std::stop_token stop);
/// Creates a workspace and what it depends on (storage account, key vault, Application Insights
/// with a Log Analytics workspace) in its resource group, by one deployment of a template as the
/// official tools do, and waits until it exists; a minute or two. Safe to repeat: what a broken
/// line made Azure begin is waited for. Throws: Rejected or AzureFailed with the reason of the
/// resource that failed, Forbidden, Conflict; see also `wait_until_done`. Source: Deployments -
/// Create Or Update, 2021-04-01; Workspaces - Create Or Update.
asio::awaitable<Workspace> create(Client& client,
                                  ResourceId id,
                                  WorkspaceSpec spec,
                                  OnOperationProgress on_progress,
                                  std::stop_token stop);
/// Deletes the workspace and all it holds, and waits for it. What it depends on stays. Throws:
/// Conflict (a lock), Forbidden.  Source: Workspaces - Delete.
asio::awaitable<void> remove(Client& client,
                             ResourceId id,
                             Deletion deletion,
                             OnOperationProgress on_progress,
                             std::stop_token stop);
}  // namespace workspaces

/// Reads one item of the service's JSON.
Workspace workspace_from_json(const nlohmann::json& json);

/// Empty when `name` may name a workspace, else one sentence saying what is wrong.
/// Source: Workspaces name pattern, 2025-12-01: `^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$`.
std::string workspace_name_problem(std::string_view name);

}  // namespace aml::azure
