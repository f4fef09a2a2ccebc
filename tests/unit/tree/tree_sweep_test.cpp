// A sweep and its trials in the tree.
#include "tree_world.hpp"

#include <string>
#include <vector>

using namespace aml;
using namespace aml::tree;
using nlohmann::json;
using test::mnist;
using test::run_json;
using test::space;

namespace {

const auto sweep_row = run_row(space.child("jobs", "s"));

json sweep_json(const std::string& status, const std::string& best, const std::string& score) {
    auto object = run_json("s", status);
    object["runType"] = "hyperdrive";
    object["experimentId"] = "e";
    object["properties"] = {{"primary_metric_config", R"({"name":"accuracy","goal":"maximize"})"},
                            {"best_child_run_id", best},
                            {"score", score}};
    return object;
}

json trial_json(int number, const std::string& status, const std::string& lr) {
    const auto id = "s_" + std::to_string(number);
    auto object = run_json(id, status);
    object["displayName"] = id;
    object["parentRunId"] = "s";
    object["experimentId"] = "e";
    object["tags"] = {{"hyperparameters", R"({"lr": )" + lr + R"(, "depth": "deep"})"}};
    return object;
}

json logged(const std::string& id, double accuracy) {
    return {{"info", {{"run_id", id}}},
            {"data",
             {{"metrics",
               {{{"key", "accuracy"}, {"value", accuracy}}, {{"key", "loss"}, {"value", 9}}}}}}};
}

struct SweepWorld : test::TreeWorld {
    void metrics(json runs) {
        http.expect_post(data("mlflow/v2.0", "/api/2.0/mlflow/runs/search"))
            .reply(200, {{"runs", std::move(runs)}});
    }
};

std::vector<std::string> shown(const std::vector<TreeNode>& rows) {
    std::vector<std::string> all;
    for (const auto& row : rows) {
        if (row.run) all.push_back(row.label + " | " + row.description);
    }
    return all;
}

}  // namespace

TEST_CASE("trials stand below their sweep with their parameters, the best on top and named") {
    SweepWorld world;
    world.runs({sweep_json("Completed", "s_1", "0.95")});
    auto rows = world.children(mnist);
    CHECK(shown(rows) ==
          std::vector<std::string>{"run s | completed · best accuracy 0.95 · 1 min 5 s · Ada"});
    CHECK(rows.front().tooltip.find("accuracy \\(maximize\\)") != std::string::npos);
    world.runs({trial_json(2, "Failed", "0.3"),
                trial_json(1, "Completed", "0.012345678"),
                trial_json(0, "Completed", "0.1")});
    world.metrics({logged("s_0", 0.99), logged("s_1", 0.9)});
    rows = world.children(sweep_row);
    CHECK(shown(rows) == std::vector<std::string>{
                             "1: depth deep, lr 0.0123457 | best · accuracy 0.95 · completed · 1 "
                             "min 5 s",
                             "0: depth deep, lr 0.1 | accuracy 0.99 · completed · 1 min 5 s",
                             "2: depth deep, lr 0.3 | failed · 1 min 5 s"});
    const auto best = rows[rows.front().run ? 0 : 1];
    CHECK(best.icon == "star-full");
    CHECK(best.tooltip.find("0.012345678") != std::string::npos);
}

TEST_CASE("a better trial takes the top while the sweep goes on, and new ones are found") {
    SweepWorld world;
    world.runs({sweep_json("Running", "", "")});
    world.children(mnist);
    world.runs({trial_json(0, "Running", "1")});
    world.metrics(json::array());
    CHECK(shown(world.children(sweep_row)) ==
          std::vector<std::string>{"0: depth deep, lr 1 | running"});
    world.changes.clear();
    world.http.expect_post(test::AzureSession::data("history/v1.0", "/batchrundata"))
        .reply(200,
               {{"successfulResults",
                 {{"s", {{"runMetadata", sweep_json("Running", "s_0", "0.5")}}},
                  {"s_0", {{"runMetadata", trial_json(0, "Running", "1")}}}}}})
        .any_times();
    world.still.advance(std::chrono::seconds(30));
    world.settle();
    CHECK(shown(world.children(sweep_row)) ==
          std::vector<std::string>{"0: depth deep, lr 1 | best · accuracy 0.5 · running"});
    // What the change of the sweep announces is looked for.
    world.runs({trial_json(1, "Running", "2"), trial_json(0, "Running", "1")});
    world.still.advance(std::chrono::seconds(3));
    world.settle();
    CHECK(shown(world.children(sweep_row)).size() == 2);
}
