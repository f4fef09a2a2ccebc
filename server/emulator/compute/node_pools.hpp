#pragma once

#include "async/event.hpp"
#include "compute/cluster.hpp"
#include "core/context.hpp"
#include "core/scheduler.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace aml::emulator {

/// The nodes of every compute, scaled in time, and the runs that wait for them.
/// A compute is named by its workspace's id and its name; the name "" is the workspace's serverless
/// pool.
class NodePools final {
public:
    /// Told when the nodes of a compute have changed, so that its runs can show them.
    using OnChange = std::function<void(std::string_view workspace_id, std::string_view compute)>;

    NodePools(Context& context, OnChange on_change);
    ~NodePools();

    /// Scales until `stop` fires.
    asio::awaitable<void> scale(std::stop_token stop);

    /// Reads the compute's limits from its resource, making its pool if need be.
    void refresh(std::string_view workspace_id, std::string_view compute);
    void remove(std::string_view workspace_id, std::string_view compute);

    /// Returns when `run` has its nodes; runs get them in the order of their calls.
    /// Throws: Cancelled when `stop` fires first (the place in the queue is given up); NotFound
    /// when the compute is gone.
    asio::awaitable<void> acquire(std::string workspace_id,
                                  std::string compute,
                                  std::string run,
                                  int nodes,
                                  std::stop_token stop);
    /// Gives `run` its nodes at once: it was found running.
    void occupy(std::string_view workspace_id,
                std::string_view compute,
                const std::string& run,
                int nodes);
    void release(std::string_view workspace_id, std::string_view compute, const std::string& run);

    /// Nothing for a compute without a pool.
    const Cluster* find(std::string_view workspace_id, std::string_view compute) const;

private:
    struct Waiter;
    struct Pool;

    Pool& pool(std::string_view workspace_id, std::string_view compute);
    void advance();
    std::optional<Cluster::TimePoint> next_change() const;
    void wake();

    Context& context_;
    OnChange on_change_;
    std::map<std::string, std::unique_ptr<Pool>, std::less<>> pools_;
    // Stopped to make `scale` look again.
    std::stop_source sleep_;
};

/// A cluster as a compute resource shows it.
ClusterState show(const Cluster& cluster);

/// The value of the tag `_aml_system_ComputeTargetStatus`.
std::string compute_target_status(const Cluster& cluster);

}  // namespace aml::emulator
