#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace aml::emulator {

/// How far a compute may grow and how long an idle node stays.
struct ClusterLimits {
    int min_nodes = 0;
    int max_nodes = 1;
    std::chrono::milliseconds idle_before_leaving{120'000};

    bool operator==(const ClusterLimits&) const = default;
};

/// How long the emulator pretends that machines take to come and go.
struct ClusterTiming {
    std::chrono::milliseconds node_start{2'000};
    std::chrono::milliseconds node_leave{500};
};

enum class NodeState { Preparing, Idle, Running, Leaving };

/// The word `listNodes` uses.
std::string_view to_string(NodeState state);

struct Node {
    std::string id;
    NodeState state = NodeState::Preparing;
    std::chrono::system_clock::time_point since;
    /// The run on it, or empty.
    std::string run;
};

/// The nodes of one compute and the runs that wait for them. Knows no clock: `advance` tells it the
/// time. Runs get nodes strictly in the order they asked, each all its nodes at once.
class Cluster final {
public:
    using TimePoint = std::chrono::system_clock::time_point;

    Cluster(std::string name, ClusterLimits limits, ClusterTiming timing, TimePoint now);

    /// New limits apply from the next `advance`; running nodes are never taken away from their run.
    void set_limits(ClusterLimits limits);

    /// Puts `run` at the end of the queue, wanting `nodes` nodes (at least one).
    void enqueue(std::string run, int nodes);
    /// Gives `run` nodes at once, as after a restart of the emulator in the middle of a run.
    void occupy(const std::string& run, int nodes, TimePoint now);
    /// Takes `run` out of the queue, or frees its nodes. Unknown runs are ignored.
    void release(const std::string& run, TimePoint now);

    /// Brings nodes up to `now`, scales, and returns the runs that have just got their nodes.
    std::vector<std::string> advance(TimePoint now);
    /// When `advance` has something to do next if nobody asks for or frees anything.
    std::optional<TimePoint> next_change() const;

    const ClusterLimits& limits() const { return limits_; }

    const std::vector<Node>& nodes() const { return nodes_; }

    int count(NodeState state) const;
    /// Nodes there will be when scaling has ended.
    int target() const;
    bool resizing() const;

    /// When the cluster last began or ended resizing.
    TimePoint transition_time() const { return transition_time_; }

    /// Runs before `run` in the queue; nothing when it does not wait.
    std::optional<std::size_t> position(const std::string& run) const;

private:
    struct Waiting {
        std::string run;
        int nodes = 1;
    };

    void finish_transitions(TimePoint now);
    std::vector<std::string> assign(TimePoint now);
    void scale(TimePoint now);
    void add_node(NodeState state, TimePoint now);
    int staying() const;
    int wanted() const;
    bool may_leave(const Node& node, TimePoint now) const;

    std::string name_;
    ClusterLimits limits_;
    ClusterTiming timing_;
    std::vector<Node> nodes_;
    std::vector<Waiting> queue_;
    TimePoint transition_time_;
    bool was_resizing_ = false;
    std::size_t next_node_ = 1;
};

}  // namespace aml::emulator
