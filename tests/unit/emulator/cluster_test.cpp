#include "compute/cluster.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace aml::emulator::cluster_test {

using namespace std::chrono_literals;

namespace {

const Cluster::TimePoint start{};
using Names = std::vector<std::string>;

Cluster make(int min_nodes, int max_nodes) {
    return {"cpu", ClusterLimits{min_nodes, max_nodes, 10s}, ClusterTiming{2s, 1s}, start};
}

}  // namespace

TEST_CASE("a waiting run makes an empty cluster grow and gets its node when that is ready") {
    auto cluster = make(0, 2);
    CHECK(cluster.advance(start).empty());
    CHECK_FALSE(cluster.next_change());
    cluster.enqueue("a", 1);
    CHECK(cluster.advance(start).empty());
    CHECK(cluster.count(NodeState::Preparing) == 1);
    CHECK(cluster.target() == 1);
    CHECK(cluster.resizing());
    CHECK(cluster.next_change() == start + 2s);
    CHECK(cluster.advance(start + 1s).empty());
    CHECK(cluster.advance(start + 2s) == Names{"a"});
    CHECK(cluster.count(NodeState::Running) == 1);
    CHECK(cluster.nodes().front().run == "a");
    CHECK_FALSE(cluster.resizing());
    CHECK(cluster.transition_time() == start + 2s);
}

TEST_CASE("more runs than nodes wait in order and inherit the freed node") {
    auto cluster = make(0, 1);
    for (const char* run : {"a", "b", "c"}) cluster.enqueue(run, 1);
    cluster.advance(start);
    CHECK(cluster.advance(start + 2s) == Names{"a"});
    CHECK(cluster.position("b") == 0U);
    CHECK(cluster.position("c") == 1);
    CHECK_FALSE(cluster.position("a"));
    cluster.release("a", start + 5s);
    CHECK(cluster.advance(start + 5s) == Names{"b"});
    CHECK(cluster.nodes().size() == 1);
    cluster.release("c", start + 6s);
    cluster.release("b", start + 6s);
    CHECK(cluster.advance(start + 6s).empty());
    CHECK(cluster.count(NodeState::Idle) == 1);
}

TEST_CASE("an idle node leaves after the idle time, down to the minimum") {
    auto cluster = make(1, 3);
    cluster.advance(start);
    CHECK(cluster.count(NodeState::Preparing) == 1);
    cluster.enqueue("a", 3);
    cluster.advance(start + 1s);
    CHECK(cluster.advance(start + 2s).empty());
    CHECK(cluster.advance(start + 3s) == Names{"a"});
    cluster.release("a", start + 4s);
    cluster.advance(start + 4s);
    CHECK(cluster.count(NodeState::Idle) == 3);
    CHECK(cluster.next_change() == start + 14s);
    cluster.advance(start + 14s);
    CHECK(cluster.count(NodeState::Leaving) == 2);
    CHECK(cluster.count(NodeState::Idle) == 1);
    cluster.advance(start + 15s);
    CHECK(cluster.nodes().size() == 1);
    CHECK_FALSE(cluster.next_change());
}

TEST_CASE(
    "a run that wants more nodes than the limit waits and does not grow the cluster past it") {
    auto cluster = make(0, 2);
    cluster.enqueue("big", 5);
    cluster.advance(start);
    CHECK(cluster.nodes().size() == 2);
    CHECK(cluster.advance(start + 2s).empty());
    CHECK(cluster.position("big") == 0U);
    cluster.set_limits({0, 5, 10s});
    cluster.advance(start + 3s);
    CHECK(cluster.advance(start + 5s) == Names{"big"});
}

TEST_CASE("lowering the maximum sends idle nodes away at once and never a running one") {
    auto cluster = make(0, 3);
    cluster.occupy("a", 1, start);
    cluster.enqueue("b", 2);
    cluster.advance(start);
    cluster.advance(start + 2s);
    cluster.release("b", start + 3s);
    cluster.set_limits({0, 1, 1h});
    cluster.advance(start + 3s);
    CHECK(cluster.count(NodeState::Leaving) == 2);
    CHECK(cluster.count(NodeState::Running) == 1);
    cluster.set_limits({0, 0, 1h});
    cluster.advance(start + 5s);
    CHECK(cluster.count(NodeState::Running) == 1);
    CHECK(cluster.target() == 1);
}

}  // namespace aml::emulator::cluster_test
