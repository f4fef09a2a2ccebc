#include "compute/cluster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace aml::emulator {

std::string_view to_string(NodeState state) {
    switch (state) {
        case NodeState::Preparing:
            return "preparing";
        case NodeState::Idle:
            return "idle";
        case NodeState::Running:
            return "running";
        case NodeState::Leaving:
            return "leaving";
    }
    return "unusable";
}

Cluster::Cluster(std::string name, ClusterLimits limits, ClusterTiming timing, TimePoint now)
    : name_(std::move(name)),
      limits_(limits),
      timing_(timing),
      transition_time_(now) {}

void Cluster::set_limits(ClusterLimits limits) {
    limits_ = limits;
}

void Cluster::enqueue(std::string run, int nodes) {
    queue_.push_back({std::move(run), std::max(1, nodes)});
}

void Cluster::occupy(const std::string& run, int nodes, TimePoint now) {
    for (int missing = std::max(1, nodes); missing > 0; --missing) {
        add_node(NodeState::Running, now);
        nodes_.back().run = run;
    }
}

void Cluster::release(const std::string& run, TimePoint now) {
    std::erase_if(queue_, [&](const Waiting& waiting) { return waiting.run == run; });
    for (auto& node : nodes_) {
        if (node.state != NodeState::Running || node.run != run) continue;
        node.state = NodeState::Idle;
        node.since = now;
        node.run.clear();
    }
}

std::vector<std::string> Cluster::advance(TimePoint now) {
    finish_transitions(now);
    auto started = assign(now);
    scale(now);
    if (resizing() != was_resizing_) {
        was_resizing_ = resizing();
        transition_time_ = now;
    }
    return started;
}

std::optional<Cluster::TimePoint> Cluster::next_change() const {
    std::optional<TimePoint> next;
    const auto consider = [&](TimePoint time) { next = next ? std::min(*next, time) : time; };
    const bool surplus = staying() > std::max(limits_.min_nodes, wanted());
    for (const auto& node : nodes_) {
        if (node.state == NodeState::Preparing) consider(node.since + timing_.node_start);
        if (node.state == NodeState::Leaving) consider(node.since + timing_.node_leave);
        if (node.state == NodeState::Idle && surplus)
            consider(node.since + limits_.idle_before_leaving);
    }
    return next;
}

int Cluster::count(NodeState state) const {
    return static_cast<int>(
        std::ranges::count_if(nodes_, [&](const Node& node) { return node.state == state; }));
}

int Cluster::target() const {
    const int needed =
        std::clamp(wanted(), limits_.min_nodes, std::max(limits_.min_nodes, limits_.max_nodes));
    return std::max({needed, count(NodeState::Running), staying()});
}

bool Cluster::resizing() const {
    return count(NodeState::Preparing) > 0 || count(NodeState::Leaving) > 0;
}

std::optional<std::size_t> Cluster::position(const std::string& run) const {
    const auto found = std::ranges::find(queue_, run, &Waiting::run);
    if (found == queue_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - queue_.begin());
}

void Cluster::finish_transitions(TimePoint now) {
    std::erase_if(nodes_, [&](const Node& node) {
        return node.state == NodeState::Leaving && node.since + timing_.node_leave <= now;
    });
    for (auto& node : nodes_) {
        if (node.state != NodeState::Preparing || node.since + timing_.node_start > now) continue;
        node.state = NodeState::Idle;
        node.since += timing_.node_start;
    }
}

std::vector<std::string> Cluster::assign(TimePoint now) {
    std::vector<std::string> started;
    while (!queue_.empty() && queue_.front().nodes <= count(NodeState::Idle)) {
        const auto waiting = std::move(queue_.front());
        queue_.erase(queue_.begin());
        int missing = waiting.nodes;
        for (auto& node : nodes_) {
            if (missing == 0) break;
            if (node.state != NodeState::Idle) continue;
            node.state = NodeState::Running;
            node.since = now;
            node.run = waiting.run;
            --missing;
        }
        started.push_back(waiting.run);
    }
    return started;
}

void Cluster::scale(TimePoint now) {
    const int needed =
        std::clamp(wanted(), limits_.min_nodes, std::max(limits_.min_nodes, limits_.max_nodes));
    while (staying() < needed) add_node(NodeState::Preparing, now);
    for (auto& node : nodes_) {
        if (!may_leave(node, now)) continue;
        node.state = NodeState::Leaving;
        node.since = now;
    }
}

void Cluster::add_node(NodeState state, TimePoint now) {
    nodes_.push_back({fmt::format("tvmps_{}_{:04}", name_, next_node_++), state, now, ""});
}

// Nodes that are not on their way out.
int Cluster::staying() const {
    return static_cast<int>(nodes_.size()) - count(NodeState::Leaving);
}

// Nodes that would serve everything that runs or waits, whatever the limits.
int Cluster::wanted() const {
    int nodes = count(NodeState::Running);
    for (const auto& waiting : queue_) nodes += waiting.nodes;
    return nodes;
}

bool Cluster::may_leave(const Node& node, TimePoint now) const {
    if (node.state != NodeState::Idle || staying() <= std::max(limits_.min_nodes, wanted())) {
        // A run that wants more nodes than the limit must not keep the cluster above it.
        return node.state == NodeState::Idle &&
               staying() > std::max(limits_.min_nodes, limits_.max_nodes);
    }
    return staying() > limits_.max_nodes || node.since + limits_.idle_before_leaving <= now;
}

}  // namespace aml::emulator
