#pragma once

#include "azure/client.hpp"
#include "azure/operation.hpp"
#include "azure/page.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace aml::azure {

/// Nodes of a cluster by state.
struct NodeCounts {
    int preparing = 0;
    int running = 0;
    int idle = 0;
    int unusable = 0;
    int leaving = 0;
    int preempted = 0;
};

/// How a cluster is connected, and as whom its nodes read data.
struct ComputeSetup {
    /// ARM id of a subnet; empty: in no network of the owner's.
    std::string subnet{};
    /// False only within a subnet, or a network that Azure ML manages.
    bool node_public_ip = true;
    /// ARM ids of user-assigned identities.
    std::vector<std::string> identities{};

    bool operator==(const ComputeSetup&) const = default;
};

struct Compute {
    ResourceId id{};
    std::string name{};
    std::string location{};
    std::string description{};
    /// AmlCompute, ComputeInstance, Kubernetes, …, or text Azure added later.
    std::string type{};
    /// Unknown, Creating, Updating, Deleting, Succeeded, Failed, Canceled.
    std::string provisioning_state{};
    std::string vm_size{};
    /// Dedicated or LowPriority; clusters only.
    std::string vm_priority{};
    /// Steady or Resizing; clusters only.
    std::string allocation_state{};
    /// Running, Stopped, …; compute instances only.
    std::string instance_state{};
    std::string created_by{};
    std::optional<int> min_nodes{};
    std::optional<int> max_nodes{};
    std::optional<int> current_nodes{};
    std::optional<int> target_nodes{};
    /// When an idle node leaves a cluster, or an idle instance is stopped; empty: never.
    std::optional<std::chrono::milliseconds> idle_time{};
    NodeCounts nodes{};
    ComputeSetup setup{};
    /// Why creating or scaling failed (quota, allocation), one sentence each.
    std::vector<std::string> errors{};

    /// Whether a command job can be sent to it.
    bool runs_jobs() const;
    /// A machine of one user, which is started and stopped; it has no nodes.
    bool is_instance() const;
    bool is_cluster() const;
};

struct ComputeNode {
    std::string id{};
    /// idle, running, preparing, unusable, leaving, preempted.
    std::string state{};
    std::string private_ip{};
    std::string run_id{};
};

struct VmPrice {
    double per_hour = 0;
    /// ISO 4217, e.g. "USD".
    std::string currency{};
    std::string os_type{};
    /// Standard, LowPriority, Spot.
    std::string tier{};
};

struct VmSize {
    std::string name{};
    std::string family{};
    int cores = 0;
    int gpus = 0;
    double memory_gb = 0;
    bool low_priority_capable = false;
    std::vector<std::string> compute_types{};
    std::vector<VmPrice> prices{};

    /// Linux, dedicated (`low_priority` false) or low priority, per hour. Empty when the region
    /// names no price.
    std::optional<VmPrice> linux_price(bool low_priority) const;
};

struct Usage {
    std::string id{};
    /// Tells the level, e.g. "…/vmFamily/usages".
    std::string type{};
    /// e.g. "standardDSv2Family" and "Standard DSv2 Family Cluster Dedicated vCPUs".
    std::string name{};
    std::string display_name{};
    std::int64_t current = 0;
    /// -1 means unlimited.
    std::int64_t limit = 0;
};

/// The usage of a size's family on dedicated machines; null when there is none among them. Azure
/// names the one "standardDSv2Family" and the other "Standard DSv2 Family Cluster Dedicated vCPUs".
const Usage* usage_of(const VmSize& size, const std::vector<Usage>& usages);

/// A cluster to create.
struct AmlComputeSpec {
    std::string location{};
    std::string vm_size = "STANDARD_DS3_v2";
    bool low_priority = false;
    int min_nodes = 0;
    int max_nodes = 4;
    std::chrono::seconds idle_time{120};
    std::string description{};
    ComputeSetup setup{};
};

/// A compute instance to create.
struct ComputeInstanceSpec {
    std::string location{};
    std::string vm_size = "STANDARD_DS3_v2";
    /// Stopped when idle for so long, 15 minutes to 3 days; empty: never.
    std::optional<std::chrono::seconds> idle_time{};
    ComputeSetup setup{};
};

/// How a cluster scales.
struct ScaleSpec {
    int min_nodes = 0;
    int max_nodes = 1;
    std::chrono::seconds idle_time{120};
};

/// What can be done with an instance.
enum class PowerAction { Start, Stop, Restart };

namespace computes {
/// Source: Compute - List.
asio::awaitable<Page<Compute>> list(Client& client, ResourceId workspace, std::stop_token stop);
/// Source: Compute - Get.
asio::awaitable<std::optional<Compute>> find(Client& client, ResourceId id, std::stop_token stop);
/// Starts creating (or replacing) a cluster and waits until it exists.
/// Throws: Rejected (invalid name, size not available, quota), Forbidden, Conflict; see also
/// `wait_until_done`. Source: Compute - Create Or Update.
asio::awaitable<Compute> create_or_update(Client& client,
                                          ResourceId id,
                                          AmlComputeSpec spec,
                                          OnOperationProgress on_progress,
                                          std::stop_token stop);
/// Starts creating an instance and waits until it runs. Throws: as `create_or_update`.
/// Source: Compute - Create Or Update.
asio::awaitable<Compute> create_instance(Client& client,
                                         ResourceId id,
                                         ComputeInstanceSpec spec,
                                         OnOperationProgress on_progress,
                                         std::stop_token stop);
/// Changes how a cluster scales, waits for it, and returns the cluster. Its nodes come and go
/// later. Throws: Rejected (quota), Forbidden, Conflict.  Source: Compute - Update.
asio::awaitable<Compute> scale(Client& client,
                               ResourceId id,
                               ScaleSpec spec,
                               OnOperationProgress on_progress,
                               std::stop_token stop);
/// Starts, stops or restarts an instance, waits until it is done, and returns it. Throws: Rejected
/// (no instance, quota), Conflict (another operation is under way), Forbidden.
/// Source: Compute - Start, Stop, Restart.
asio::awaitable<Compute> power(Client& client,
                               ResourceId id,
                               PowerAction action,
                               OnOperationProgress on_progress,
                               std::stop_token stop);
/// Deletes the compute and its nodes, and waits for it.  Source: Compute - Delete.
asio::awaitable<void> remove(Client& client,
                             ResourceId id,
                             OnOperationProgress on_progress,
                             std::stop_token stop);
/// Counts as a write for throttling: never poll it.  Source: Compute - List Nodes.
asio::awaitable<Page<ComputeNode>> list_nodes(Client& client, ResourceId id, std::stop_token stop);
/// Source: Virtual Machine Sizes - List.
asio::awaitable<std::vector<VmSize>> vm_sizes(Client& client,
                                              std::string subscription,
                                              std::string location,
                                              std::stop_token stop);
/// Source: Usages - List.
asio::awaitable<Page<Usage>> usages(Client& client,
                                    std::string subscription,
                                    std::string location,
                                    std::stop_token stop);
}  // namespace computes

/// Reads one item of the service's JSON.
Compute compute_from_json(const nlohmann::json& json);

/// Empty when `name` may name a compute, else one sentence saying what is wrong.
/// Source: ComputeResource name pattern, 2025-12-01.
std::string compute_name_problem(std::string_view name);

}  // namespace aml::azure
