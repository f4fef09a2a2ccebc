#pragma once

#include "core/json.hpp"
#include "core/time.hpp"

#include <string_view>

namespace aml::emulator {

/// Nodes of a cluster as a compute resource shows them.
struct ClusterState {
    int current_nodes = 0;
    int target_nodes = 0;
    int preparing = 0;
    int running = 0;
    int idle = 0;
    int leaving = 0;
    /// True while `allocationState` is `Resizing`.
    bool resizing = false;
    Time changed;
    /// listNodes items: {nodeId, privateIpAddress, publicIpAddress, port, nodeState, runId}.
    json nodes = json::array();
};

/// Runs jobs and scales clusters; implemented by compute/, called by arm/ and data/ after the store
/// was changed.
class Scheduler {
public:
    virtual ~Scheduler() = default;
    /// A run with kind `job` was inserted (status NotStarted): take it over. Its status is the
    /// scheduler's from here on.
    virtual void run_created(std::string_view workspace_id, std::string_view run_id) = 0;
    /// Someone asked to cancel; the scheduler sets CancelRequested and later Canceled. No-op on a
    /// final run.
    virtual void cancel_requested(std::string_view workspace_id, std::string_view run_id) = 0;
    /// A run was deleted from the store; forget it and remove its files.
    virtual void run_deleted(std::string_view workspace_id, std::string_view run_id) = 0;
    /// A compute was created, or its scale settings were changed.
    virtual void compute_changed(std::string_view workspace_id, std::string_view name) = 0;
    /// A compute is gone; its waiting and running jobs fail.
    virtual void compute_deleted(std::string_view workspace_id, std::string_view name) = 0;
    virtual ClusterState cluster(std::string_view workspace_id, std::string_view name) const = 0;
};

}  // namespace aml::emulator
