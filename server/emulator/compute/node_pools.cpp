#include "compute/node_pools.hpp"

#include "core/text.hpp"
#include "core/time.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace aml::emulator {

namespace {

constexpr ClusterLimits serverless_limits{0, 32, std::chrono::milliseconds(0)};
constexpr std::chrono::hours long_sleep{24};

std::string pool_key(std::string_view workspace_id, std::string_view compute) {
    return fmt::format("{}/{}", to_lower(workspace_id), to_lower(compute));
}

ClusterLimits limits_of(const json& properties) {
    const auto inner = properties.value("properties", json::object());
    // An instance is one machine, and none while it is off.
    if (properties.value("computeType", "") != "AmlCompute") {
        const auto state = text_at(inner, "state");
        const int machines = state == "Running" || state.empty() ? 1 : 0;
        return {machines, machines, std::chrono::hours(1)};
    }
    const auto scale =
        inner.is_object() ? inner.value("scaleSettings", json::object()) : json::object();
    if (!scale.is_object()) return {0, 1};
    ClusterLimits limits{scale.value("minNodeCount", 0), scale.value("maxNodeCount", 1)};
    const auto idle = scale.find("nodeIdleTimeBeforeScaleDown");
    if (idle == scale.end() || !idle->is_string()) return limits;
    if (const auto time = parse_iso_duration(idle->get<std::string>()))
        limits.idle_before_leaving = *time;
    return limits;
}

}  // namespace

// Lives in the coroutine that waits.
struct NodePools::Waiter {
    explicit Waiter(asio::any_io_executor executor)
        : done(std::move(executor)) {}

    async::Event done;
    bool compute_gone = false;
};

struct NodePools::Pool {
    Pool(std::string workspace, std::string name, Cluster nodes)
        : workspace_id(std::move(workspace)),
          compute(std::move(name)),
          cluster(std::move(nodes)) {}

    std::string workspace_id;
    std::string compute;
    Cluster cluster;
    std::map<std::string, Waiter*> waiters;
    // What was shown last; a difference is told to `on_change`.
    std::string shown;
};

NodePools::NodePools(Context& context, OnChange on_change)
    : context_(context),
      on_change_(std::move(on_change)) {}

NodePools::~NodePools() = default;

asio::awaitable<void> NodePools::scale(std::stop_token stop) {
    while (!stop.stop_requested()) {
        advance();
        sleep_ = std::stop_source();
        const std::stop_callback on_stop(stop, [this] { sleep_.request_stop(); });
        const auto next = next_change().value_or(context_.clock.now() + long_sleep);
        try {
            co_await context_.clock.sleep_until(next, sleep_.get_token());
        } catch (const Error&) {
            // Woken: there is something to do before the time.
        }
    }
}

void NodePools::refresh(std::string_view workspace_id, std::string_view compute) {
    auto& nodes = pool(workspace_id, compute);
    if (const auto resource = context_.resources.find(workspace_id, "computes", compute)) {
        nodes.cluster.set_limits(limits_of(resource->body.value("properties", json::object())));
    }
    wake();
}

void NodePools::remove(std::string_view workspace_id, std::string_view compute) {
    const auto found = pools_.find(pool_key(workspace_id, compute));
    if (found == pools_.end()) return;
    for (const auto& [run, waiter] : found->second->waiters) {
        waiter->compute_gone = true;
        waiter->done.set();
    }
    pools_.erase(found);
}

asio::awaitable<void> NodePools::acquire(std::string workspace_id,
                                         std::string compute,
                                         std::string run,
                                         int nodes,
                                         std::stop_token stop) {
    Waiter waiter(co_await asio::this_coro::executor);
    auto& joined = pool(workspace_id, compute);
    joined.waiters[run] = &waiter;
    joined.cluster.enqueue(run, nodes);
    // The queue may be what its runs show.
    joined.shown.clear();
    wake();
    bool stopped = false;
    try {
        co_await waiter.done.wait(stop);
    } catch (const Error&) {
        stopped = true;
    }
    if (waiter.compute_gone) {
        throw Error(ErrorKind::NotFound, fmt::format("The compute '{}' was deleted.", compute));
    }
    pool(workspace_id, compute).waiters.erase(run);
    if (!stopped) co_return;
    release(workspace_id, compute, run);
    throw cancelled();
}

void NodePools::occupy(std::string_view workspace_id,
                       std::string_view compute,
                       const std::string& run,
                       int nodes) {
    pool(workspace_id, compute).cluster.occupy(run, nodes, context_.clock.now());
    wake();
}

void NodePools::release(std::string_view workspace_id,
                        std::string_view compute,
                        const std::string& run) {
    const auto found = pools_.find(pool_key(workspace_id, compute));
    if (found == pools_.end()) return;
    found->second->cluster.release(run, context_.clock.now());
    wake();
}

const Cluster* NodePools::find(std::string_view workspace_id, std::string_view compute) const {
    const auto found = pools_.find(pool_key(workspace_id, compute));
    return found == pools_.end() ? nullptr : &found->second->cluster;
}

NodePools::Pool& NodePools::pool(std::string_view workspace_id, std::string_view compute) {
    auto& found = pools_[pool_key(workspace_id, compute)];
    if (found) return *found;
    auto limits = serverless_limits;
    if (!compute.empty()) {
        const auto resource = context_.resources.find(workspace_id, "computes", compute);
        limits = resource ? limits_of(resource->body.value("properties", json::object()))
                          : ClusterLimits{};
    }
    const ClusterTiming timing{.node_start = context_.settings.node_start};
    const std::string name(compute.empty() ? "serverless" : compute);
    found = std::make_unique<Pool>(std::string(workspace_id),
                                   std::string(compute),
                                   Cluster(name, limits, timing, context_.clock.now()));
    return *found;
}

void NodePools::advance() {
    const auto now = context_.clock.now();
    std::vector<std::pair<std::string, std::string>> changed;
    for (auto& [key, pool] : pools_) {
        for (const auto& run : pool->cluster.advance(now)) {
            const auto waiter = pool->waiters.find(run);
            if (waiter != pool->waiters.end()) waiter->second->done.set();
        }
        auto status = compute_target_status(pool->cluster);
        if (status == pool->shown) continue;
        pool->shown = std::move(status);
        changed.emplace_back(pool->workspace_id, pool->compute);
    }
    for (const auto& [workspace_id, compute] : changed) on_change_(workspace_id, compute);
}

std::optional<Cluster::TimePoint> NodePools::next_change() const {
    std::optional<Cluster::TimePoint> next;
    for (const auto& [key, pool] : pools_) {
        const auto time = pool->cluster.next_change();
        if (time && (!next || *time < *next)) next = time;
    }
    return next;
}

void NodePools::wake() {
    sleep_.request_stop();
}

ClusterState show(const Cluster& cluster) {
    ClusterState state;
    state.current_nodes = static_cast<int>(cluster.nodes().size());
    state.target_nodes = cluster.target();
    state.preparing = cluster.count(NodeState::Preparing);
    state.running = cluster.count(NodeState::Running);
    state.idle = cluster.count(NodeState::Idle);
    state.leaving = cluster.count(NodeState::Leaving);
    state.resizing = cluster.resizing();
    state.changed = cluster.transition_time();
    int number = 0;
    for (const auto& node : cluster.nodes()) {
        state.nodes.push_back({{"nodeId", node.id},
                               {"privateIpAddress", fmt::format("10.0.0.{}", 4 + number)},
                               {"publicIpAddress", nullptr},
                               {"port", 50000 + number},
                               {"nodeState", to_string(node.state)},
                               {"runId", node.run.empty() ? json() : json(node.run)}});
        ++number;
    }
    return state;
}

std::string compute_target_status(const Cluster& cluster) {
    const json status{{"AllocationState", cluster.resizing() ? "resizing" : "steady"},
                      {"PreparingNodeCount", cluster.count(NodeState::Preparing)},
                      {"RunningNodeCount", cluster.count(NodeState::Running)},
                      {"CurrentNodeCount", cluster.nodes().size()}};
    return status.dump();
}

}  // namespace aml::emulator
