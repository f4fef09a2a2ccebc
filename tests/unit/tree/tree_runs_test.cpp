#include "tree_world.hpp"

#include <chrono>
#include <string>
#include <vector>

using namespace aml;
using namespace aml::tree;
using nlohmann::json;
using test::experiments_folder;
using test::mnist;
using test::new_run;
using test::run_json;
using test::space;
using Labels = std::vector<std::string>;
using World = test::TreeWorld;

TEST_CASE("a run that is followed changes its own row only, and a new one appears at the top") {
    World world;
    world.experiments({test::WizardWorld::experiment_json("mnist", "2025-06-01T00:00:00Z")});
    world.runs({run_json("r1", "Completed")});
    CHECK(world.labels(experiments_folder) == Labels{"mnist"});
    CHECK(world.labels(mnist) == Labels{"run r1"});
    world.changes.clear();
    auto run = new_run("r2", "mnist");
    run.status = "Completed";
    world.watcher->watch(run);
    world.settle();
    CHECK(world.labels(mnist) == Labels{"new", "run r1"});
    CHECK(world.changes == std::vector<std::vector<std::string>>{{mnist}});
    REQUIRE(world.latest.lists.size() == 1);
    CHECK(world.latest.lists.front().added.front().label == "new");
    CHECK(world.latest.lists.front().before == run_row(space.child("jobs", "r1")));
    run.experiment = "fresh";
    run.job = space.child("jobs", "r3");
    world.watcher->watch(run);
    world.settle();
    CHECK(world.labels(experiments_folder) == Labels{"fresh", "mnist"});
}

TEST_CASE("a run that Azure does not list yet is there all the same") {
    World world;
    world.watcher->watch(new_run("r2", "mnist"));
    world.experiments({test::WizardWorld::experiment_json("old", "2025-06-01T00:00:00Z")});
    CHECK(world.labels(experiments_folder) == Labels{"mnist", "old"});
    world.runs({run_json("r1", "Completed")});
    CHECK(world.labels(mnist) == Labels{"new", "run r1"});
}

TEST_CASE("runs are filtered by Azure where it can and here where it cannot") {
    World world;
    world.runs({run_json("r1", "Completed")});
    CHECK(world.labels(mnist) == Labels{"run r1"});
    world.changes.clear();
    world.runs({run_json("r2", "Failed"), run_json("r3", "Failed")})
        .with_json(
            {{"filter", "(ParentRunId eq null) and (Status eq Failed or Status eq NotResponding)"},
             {"orderBy", "CreatedUtc desc"},
             {"top", 50}});
    world.tree->select({.filter = {.text = "r3", .groups = {runs::RunGroup::Failed}}});
    CHECK(world.changes == std::vector<std::vector<std::string>>{{mnist}});
    const auto rows = world.children(mnist);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].kind == row_kind::filter);
    CHECK(rows[0].description == "failed, matching “r3”");
    CHECK(rows[1].label == "run r3");
}

TEST_CASE("the parts of a run stand below it, and those that begin appear there") {
    World world;
    auto sweep = run_json("sweep", "Running");
    sweep["runType"] = "hyperdrive";
    world.runs({sweep, run_json("alone", "Completed")});
    const auto above = world.children(mnist);
    REQUIRE(above.size() == 2);
    // What has no parts has files.
    CHECK(world.labels(above[1].id) == Labels{"Files"});
    auto trial = run_json("sweep_1", "Completed");
    trial["parentRunId"] = "sweep";
    world.runs({trial}).with_json(
        {{"filter", "(ParentRunId eq sweep)"}, {"orderBy", "CreatedUtc desc"}, {"top", 50}});
    const auto parts = world.children(above[0].id);
    REQUIRE(parts.size() == 2);
    CHECK(parts[0].label == "Files");
    CHECK(parts[1].parent == above[0].id);
    CHECK(world.tree->find(parts[1].id)->label == "run sweep_1");
    world.settle();
    world.changes.clear();
    auto next = new_run("sweep_2", "mnist");
    next.parent = "sweep";
    world.watcher->watch(next);
    world.settle();
    CHECK(world.labels(above[0].id) == Labels{"Files", "new", "run sweep_1"});
    CHECK(world.labels(mnist) == Labels{"run sweep", "run alone"});
    CHECK(world.changes == std::vector<std::vector<std::string>>{{above[0].id}});
}

TEST_CASE("what is refreshed includes the parts of runs below it") {
    World world;
    auto sweep = run_json("sweep", "Completed");
    sweep["uniqueChildRunComputeTargets"] = {"cpu"};
    world.runs({sweep});
    const auto above = world.children(mnist);
    auto trial = run_json("sweep_1", "Completed");
    trial["parentRunId"] = "sweep";
    world.runs({trial});
    CHECK(world.children(above[0].id).size() == 2);
    world.runs({sweep});
    world.runs(json::array());
    world.tree->refresh(mnist);
    world.settle();
    CHECK(world.labels(above[0].id) == Labels{"Files"});
}

TEST_CASE("a run that somebody else starts appears in an experiment that is open") {
    World world;
    world.runs({run_json("r1", "Completed")});
    CHECK(world.labels(mnist) == Labels{"run r1"});
    world.settle();
    world.changes.clear();
    world.runs(
        {run_json("r3", "Failed"), run_json("r2", "Completed"), run_json("r1", "Completed")});
    world.still.advance(std::chrono::minutes(1));
    world.settle();
    CHECK(world.labels(mnist) == Labels{"run r3", "run r2", "run r1"});
    REQUIRE(world.latest.lists.size() == 2);
    CHECK(world.latest.lists[1].added.front().label == "run r3");
    // The longer there is nothing new, the less often it is looked for.
    auto& looked = world.runs({run_json("r3", "Failed")}).any_times();
    for (int minute = 0; minute < 30; ++minute) {
        world.still.advance(std::chrono::minutes(1));
        world.settle();
    }
    CHECK(looked.served() > 5);
    CHECK(looked.served() < 10);
}

TEST_CASE("runs are arranged by Azure where it can and here where it cannot") {
    World world;
    world.runs({run_json("r1", "Completed")});
    CHECK(world.children(mnist).size() == 1);
    world.runs({run_json("r1", "Completed")})
        .with_json(
            {{"filter", "(ParentRunId eq null)"}, {"orderBy", "CreatedUtc asc"}, {"top", 50}});
    world.changes.clear();
    world.tree->select({.arrangement = {.order = RunOrder::Oldest}});
    CHECK(world.changes == std::vector<std::vector<std::string>>{{mnist}});
    CHECK(world.labels(mnist) == Labels{"Arranged", "run r1"});
    world.runs({run_json("r4", "Canceled"), run_json("r3", "Failed"), run_json("r2", "Running")})
        .with_json(
            {{"filter", "(ParentRunId eq null)"}, {"orderBy", "CreatedUtc desc"}, {"top", 500}});
    world.tree->select({.arrangement = {.order = RunOrder::State}});
    const auto rows = world.children(mnist);
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].description == "By state: going on, failed, completed, cancelled");
    CHECK(rows[0].command->command == "azureml.arrangeRuns");
    CHECK(rows[1].label == "run r2");
    CHECK(rows[2].label == "run r3");
    CHECK(rows[3].label == "run r4");
    world.settle();
    world.changes.clear();
    auto failed = new_run("r2", "mnist");
    failed.status = "Failed";
    failed.display_name = "run r2";
    world.http.expect_post(test::AzureSession::data("history/v1.0", "/batchrundata"))
        .reply(200,
               {{"successfulResults",
                 {{"r2", {{"runMetadata", {{"runId", "r2"}, {"status", "Canceled"}}}}}}}})
        .any_times();
    world.http.expect_post(test::AzureSession::data("metric/v2.0", "/runs/r2/lastvalues"))
        .reply(200, {{"value", json::array()}})
        .any_times();
    world.still.advance(std::chrono::seconds(10));
    world.settle();
    // The run has moved in the list, which is drawn again.
    CHECK(world.changes == std::vector<std::vector<std::string>>{{mnist}});
    CHECK(world.labels(mnist)[1] == "run r3");
}

TEST_CASE("runs in the order of a metric show it, and those without one come last") {
    World world;
    auto first = run_json("r1", "Completed");
    first["experimentId"] = "e1";
    world.runs({first, run_json("r2", "Completed"), run_json("r3", "Failed")});
    const auto logged = [](const std::string& id, double value) {
        const json metric{{"key", "accuracy"}, {"value", value}};
        return json{{"info", {{"run_id", id}}}, {"data", {{"metrics", {metric}}}}};
    };
    world.http.expect_post(test::AzureSession::data("mlflow/v2.0", "/api/2.0/mlflow/runs/search"))
        .reply(200, {{"runs", {logged("r1", 0.5), logged("r2", 0.75)}}});
    world.tree->select({.arrangement = {.order = RunOrder::HighestMetric}});
    const auto rows = world.children(mnist);
    REQUIRE(rows.size() == 4);
    CHECK(rows[1].label == "run r2");
    CHECK(rows[1].description == "completed · accuracy 0.75 · 1 min 5 s · Ada");
    CHECK(rows[2].label == "run r1");
    CHECK(rows[3].label == "run r3");
}
