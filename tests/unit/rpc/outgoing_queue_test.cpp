#include "rpc/outgoing_queue.hpp"

#include <doctest/doctest.h>

namespace aml::rpc::outgoing_queue_test {

using nlohmann::json;

namespace {

json runs_changed(json runs) {
    return {{"method", "runs/didChange"}, {"params", {{"runs", std::move(runs)}}}};
}

json run(const char* id, int revision) {
    return {{"id", id}, {"revision", revision}};
}

}  // namespace

TEST_CASE("messages leave in the order in which they came") {
    OutgoingQueue queue;
    for (int i = 0; i < 3; ++i) queue.push({{"id", i}, {"result", nullptr}});
    for (int i = 0; i < 3; ++i) CHECK(queue.pop()->at("id") == i);
    CHECK_FALSE(queue.pop().has_value());
}

TEST_CASE("of a run only the newest unsent snapshot is kept") {
    OutgoingQueue queue;
    queue.push(runs_changed({run("a", 1), run("b", 1)}));
    queue.push({{"id", 1}, {"result", nullptr}});
    queue.push(runs_changed({run("b", 3), run("c", 1)}));
    queue.push(runs_changed({run("b", 2)}));
    CHECK(queue.size() == 2);
    CHECK(*queue.pop() == runs_changed({run("a", 1), run("b", 3), run("c", 1)}));
    queue.pop();
    queue.push(runs_changed({run("b", 4)}));
    CHECK(*queue.pop() == runs_changed({run("b", 4)}));
}

TEST_CASE("tree changes that wait are merged, and the whole tree swallows single nodes") {
    const auto tree = [](json params) {
        return json{{"method", "tree/didChange"}, {"params", std::move(params)}};
    };
    OutgoingQueue queue;
    queue.push(tree({{"ids", {"a"}}}));
    queue.push(tree({{"ids", {"b", "a"}}}));
    CHECK(*queue.pop() == tree({{"ids", {"a", "b"}}}));
    queue.push(tree({{"ids", {"a"}}}));
    queue.push(tree(json::object()));
    queue.push(tree({{"ids", {"b"}}}));
    CHECK(*queue.pop() == tree(json::object()));
    CHECK(queue.empty());
}

}  // namespace aml::rpc::outgoing_queue_test
