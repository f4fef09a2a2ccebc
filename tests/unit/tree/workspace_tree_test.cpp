#include "tree/workspace_tree.hpp"

#include "tree_world.hpp"

#include <optional>
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
using test::top;
using Labels = std::vector<std::string>;
using World = test::TreeWorld;

TEST_CASE("the tree is listed row by row, each list once") {
    World world;
    world.subscriptions();
    world.workspaces();
    world.experiments({test::WizardWorld::experiment_json("older", "2025-01-01T00:00:00Z"),
                       test::WizardWorld::experiment_json("mnist", "2025-06-01T00:00:00Z")});
    world.runs({run_json("r2", "Failed"), run_json("r1", "Completed")});
    CHECK(world.labels("") == Labels{"Dev"});
    CHECK(world.labels(top) == Labels{"w"});
    CHECK(
        world.labels(workspace_row(space)) ==
        Labels{
            "Experiments", "Compute", "Environments", "Datastores", "Data", "Models", "Endpoints"});
    CHECK(world.labels(experiments_folder) == Labels{"mnist", "older"});
    const auto runs = world.children(mnist);
    REQUIRE(runs.size() == 2);
    CHECK(runs[1].label == "run r1");
    CHECK(runs[1].description == "completed · 1 min 5 s · Ada");
    CHECK(runs[1].portal_url.find("http://127.0.0.1:9/studio/runs/r1?wsid=/subscriptions/s/") == 0);
    CHECK(world.labels(mnist).size() == 2);
    CHECK_THROWS_AS(world.children("nonsense"), Error);
}

TEST_CASE("every folder lists what the workspace has") {
    World world;
    const auto base = space.to_string();
    const std::string version = test::WizardWorld::version;
    world.computes({test::WizardWorld::compute_json("cpu")});
    const json node{{"nodeId", "tvm1"}, {"nodeState", "running"}, {"privateIpAddress", "10.0.0.4"}};
    world.http.expect_post(base + "/computes/cpu/listNodes?" + version)
        .reply(200, {{"nodes", {node}}});
    world.environments({json{{"name", "sk"}, {"properties", {{"latestVersion", "2"}}}}});
    CHECK(world.children(folder_row(space, row_kind::computes)).front().description ==
          "0 of 4 nodes");
    const auto nodes = world.children(asset_row(space, "computes", "cpu"));
    REQUIRE(nodes.size() == 1);
    CHECK(nodes.front().label == "tvm1");
    CHECK(nodes.front().description == "running");
    CHECK(world.children(folder_row(space, row_kind::environments)).front().description ==
          "version 2");
    for (const auto* rest : {"onlineEndpoints", "batchEndpoints"}) {
        world.http.expect_get(base + "/" + rest + "?" + version)
            .reply(200, test::WizardWorld::list_of(json::array()));
    }
    CHECK(world.labels(folder_row(space, row_kind::endpoints)) == Labels{"No endpoints yet"});
}

TEST_CASE("a failure is a row with its reason, and trying again lists") {
    World world;
    const json denied{{"error", {{"code", "AuthorizationFailed"}, {"message", "You may not."}}}};
    world.http.expect_get("/subscriptions?api-version=2022-12-01").reply(403, denied);
    const auto failed = world.children("");
    REQUIRE(failed.size() == 1);
    CHECK(failed.front().label == "Could not list the subscriptions");
    CHECK(failed.front().description.find("you do not have the permission") != std::string::npos);
    CHECK(failed.front().command->command == "azureml.tree.retry");
    world.subscriptions();
    world.tree->refresh("");
    CHECK(world.changes == std::vector<std::vector<std::string>>{{}});
    CHECK(world.labels("") == Labels{"Dev"});
}

TEST_CASE(
    "a newcomer without a network is invited to sign in; who configured an identity hears why") {
    World world;
    auto settings = world.settings;
    test::ScriptedHttp offline;
    offline.expect_get("/metadata/endpoints?api-version=2022-09-01")
        .fail(Error(ErrorKind::Unavailable, "Azure cannot be reached."))
        .any_times();
    const auto top_rows = [&] {
        workspace::AzureAccess access{
            {offline, world.clock, world.random, world.log, "aml/test", {}},
            world.tasks,
            settings,
            {}};
        runs::RunWatcher watcher(
            world.loop.get_executor(), access, world.still, world.random, world.state, world.log);
        WorkspaceTree tree(
            world.loop.get_executor(), access, watcher, world.state, world.still, world.log);
        auto rows = test::run(world.loop, tree.children("", {}));
        test::run(world.loop, tree.shut_down());
        test::run(world.loop, watcher.shut_down());
        return rows;
    };
    REQUIRE(top_rows().size() == 1);
    CHECK(top_rows().front().label == "Could not list the subscriptions");
    settings.sign_in = {};
    CHECK(top_rows().empty());
    settings.sign_in.method = auth::Method::AzureCli;
    CHECK(top_rows().size() == 1);
}

TEST_CASE("a refresh that fails keeps the rows and says how old they are") {
    World world;
    world.subscriptions();
    CHECK(world.labels("") == Labels{"Dev"});
    world.still.advance(std::chrono::seconds(90));
    world.tree->refresh("");
    world.http.expect_get("/subscriptions?api-version=2022-12-01")
        .fail(Error(ErrorKind::Unavailable, "Azure cannot be reached."))
        .any_times();
    const auto rows = world.children("");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].label == "Not up to date, 1 min 30 s old");
    CHECK(rows[1].label == "Dev");
}

TEST_CASE("a refresh asks for all lists on show at once, and for those that were closed no more") {
    World world;
    world.subscriptions();
    world.workspaces();
    CHECK(world.labels("") == Labels{"Dev"});
    CHECK(world.labels(top) == Labels{"w"});
    auto& subscriptions = world.subscriptions();
    subscriptions.hold();
    auto& workspaces = world.workspaces();
    workspaces.hold();
    world.tree->refresh("");
    world.settle();
    CHECK(subscriptions.served() == 1);
    CHECK(workspaces.served() == 1);
    subscriptions.release();
    workspaces.release();
    // Only the top rows are asked for by whoever shows the tree.
    CHECK(world.labels("") == Labels{"Dev"});
    world.subscriptions();
    world.tree->refresh("");
    world.settle();
    world.http.verify();
    world.workspaces();
    CHECK(world.labels(top) == Labels{"w"});
}

TEST_CASE("long lists grow page by page") {
    World world;
    const auto url = test::AzureSession::data("history/v1.0", "/experiments/mnist/runs:query");
    const json first{{"value", {run_json("r3", "Completed")}}, {"continuationToken", "more"}};
    world.http.expect_post(url).reply(200, first);
    world.http.expect_post(url).reply(
        200, test::WizardWorld::list_of({run_json("r3", "Completed"), run_json("r2", "Failed")}));
    auto rows = world.children(mnist);
    REQUIRE(rows.size() == 2);
    CHECK(rows[1].label == "Load more…");
    REQUIRE(rows[1].command);
    CHECK(rows[1].command->command == "azureml.loadMore");
    CHECK(rows[1].command->argument == mnist);
    test::run(world.loop, world.tree->load_more(mnist, {}));
    // Only what is new is told. One that moved to the next page meanwhile is not shown twice.
    REQUIRE(world.latest.lists.size() == 1);
    const auto& growth = world.latest.lists.front();
    CHECK(growth.id == mnist);
    CHECK(growth.removed == std::vector<std::string>{mnist + "#more"});
    REQUIRE(growth.added.size() == 1);
    CHECK(growth.added.front().label == "run r2");
    CHECK(growth.before.empty());
    CHECK(world.labels(mnist) == Labels{"run r3", "run r2"});
    CHECK(world.changes.back() == std::vector<std::string>{mnist});
}

TEST_CASE("the next page waits on its own row, and an earlier filter's page is dropped") {
    World world;
    const auto url = test::AzureSession::data("history/v1.0", "/experiments/mnist/runs:query");
    const json first{{"value", {run_json("r3", "Completed")}}, {"continuationToken", "more"}};
    world.http.expect_post(url).reply(200, first);
    auto& page = world.http.expect_post(url);
    page.reply(200, test::WizardWorld::list_of({run_json("r2", "Failed")})).hold();
    CHECK(world.children(mnist).size() == 2);
    async::TaskGroup callers(world.loop.get_executor(), nullptr);
    callers.spawn(world.tree->load_more(mnist, {}));
    world.settle();
    CHECK(world.latest.ids == std::vector<std::string>{mnist + "#more"});
    REQUIRE(world.latest.rows.size() == 1);
    CHECK(world.latest.rows.front().label == "Loading…");
    CHECK(world.latest.lists.empty());
    world.tree->select({.filter = {.text = "r9"}});
    page.release();
    test::run(world.loop, callers.join());
    world.runs({run_json("r9", "Completed")});
    CHECK(world.labels(mnist) == Labels{"Filter", "run r9"});
}

TEST_CASE("rows of the last session know that there are more, and how to get them") {
    World world;
    const auto url = test::AzureSession::data("history/v1.0", "/experiments/mnist/runs:query");
    const json first{{"value", {run_json("r3", "Completed")}}, {"continuationToken", "more"}};
    world.http.expect_post(url).reply(200, first);
    CHECK(world.labels(mnist) == Labels{"run r3", "Load more…"});
    world.stop();
    world.start();
    auto& again = world.http.expect_post(url);
    again.reply(200, first).hold();
    world.http.expect_post(url).reply(200, test::WizardWorld::list_of({run_json("r2", "Failed")}));
    CHECK(world.labels(mnist) == Labels{"run r3", "Load more…"});
    async::TaskGroup callers(world.loop.get_executor(), nullptr);
    callers.spawn(world.tree->load_more(mnist, {}));
    world.settle();
    again.release();
    test::run(world.loop, callers.join());
    CHECK(world.labels(mnist) == Labels{"run r3", "run r2"});
}

TEST_CASE("a row is found by its id, whichever list it stands in") {
    World world;
    world.subscriptions();
    world.workspaces();
    world.runs({run_json("r1", "Completed")});
    world.environments({json{{"name", "sk"}, {"properties", {{"latestVersion", "2"}}}}});
    for (const auto& list :
         {std::string(), top, mnist, folder_row(space, row_kind::environments)}) {
        for (const auto& row : world.children(list)) {
            const auto found = world.tree->find(row.id);
            REQUIRE(found);
            CHECK(*found == row);
        }
    }
    CHECK(!world.tree->find(run_row(space.child("jobs", "r2"))));
    CHECK(!world.tree->find("nonsense"));
}

TEST_CASE("a failed page can be asked for again") {
    World world;
    const auto url = test::AzureSession::data("history/v1.0", "/experiments/mnist/runs:query");
    const json first{{"value", {run_json("r3", "Completed")}}, {"continuationToken", "more"}};
    const json denied{{"error", {{"code", "AuthorizationFailed"}, {"message", "You may not."}}}};
    world.http.expect_post(url).reply(200, first);
    world.http.expect_post(url).reply(403, denied);
    world.http.expect_post(url).reply(200, test::WizardWorld::list_of({run_json("r2", "Failed")}));
    CHECK(world.children(mnist).size() == 2);
    test::run(world.loop, world.tree->load_more(mnist, {}));
    const auto rows = world.children(mnist);
    REQUIRE(rows.size() == 3);
    CHECK(rows.front().kind == row_kind::problem);
    CHECK(rows.back().kind == row_kind::more);
    test::run(world.loop, world.tree->load_more(mnist, {}));
    CHECK(world.labels(mnist) == Labels{"run r3", "run r2"});
}

TEST_CASE("rows of the last session are shown at once and then corrected") {
    World world;
    world.subscriptions();
    CHECK(world.labels("") == Labels{"Dev"});
    world.stop();
    world.start();
    world.changes.clear();
    const json renamed{{"subscriptionId", "s"},
                       {"displayName", "Production"},
                       {"tenantId", "t"},
                       {"state", "Enabled"}};
    world.http.expect_get("/subscriptions?api-version=2022-12-01")
        .reply(200, test::WizardWorld::list_of({renamed}));
    CHECK(world.labels("") == Labels{"Dev"});
    world.settle();
    CHECK(world.changes == std::vector<std::vector<std::string>>{{""}});
    CHECK(world.labels("") == Labels{"Production"});
}

TEST_CASE("a run that was submitted before the tree was opened is among the rows of last session") {
    World world;
    world.experiments({test::WizardWorld::experiment_json("mnist", "2025-06-01T00:00:00Z")});
    world.runs({run_json("r1", "Completed")});
    CHECK(world.labels(experiments_folder) == Labels{"mnist"});
    CHECK(world.labels(mnist) == Labels{"run r1"});
    world.stop();
    world.start();
    world.watcher->watch(new_run("r2", "mnist"));
    world.watcher->watch(new_run("r3", "fresh"));
    world.experiments({test::WizardWorld::experiment_json("mnist", "2025-06-01T00:00:00Z")});
    world.runs({run_json("r1", "Completed")});
    CHECK(world.labels(experiments_folder) == Labels{"fresh", "mnist"});
    CHECK(world.labels(mnist) == Labels{"new", "run r1"});
    world.settle();
}

TEST_CASE(
    "signing out forgets the rows, on disk too, and asks for nothing until someone signs in") {
    World world;
    world.subscriptions();
    CHECK(world.labels("") == Labels{"Dev"});
    world.stop();
    world.start();
    world.tree->sign_out();
    CHECK(world.children("").empty());
    world.subscriptions();
    world.tree->resume();
    CHECK(world.labels("") == Labels{"Dev"});
    world.tree->sign_out();
    world.settle();
    world.stop();
    world.start();
    world.subscriptions();
    CHECK(world.labels("") == Labels{"Dev"});
    world.http.verify();
}

TEST_CASE("signing out while a list is on its way shows nothing of it") {
    World world;
    world.subscriptions();
    CHECK(world.labels("") == Labels{"Dev"});
    world.tree->refresh("");
    auto& late = world.subscriptions();
    late.hold();
    std::optional<std::vector<TreeNode>> answer;
    auto ask = [&]() -> asio::awaitable<void> {
        auto nodes = co_await world.tree->children("", {});
        answer = std::move(nodes);
    };
    async::TaskGroup callers(world.loop.get_executor(), nullptr);
    callers.spawn(ask());
    world.settle();
    CHECK_FALSE(answer);
    world.tree->sign_out();
    late.release();
    test::run(world.loop, callers.join());
    REQUIRE(answer);
    CHECK(answer->empty());
    world.http.verify();
}

TEST_CASE("details come as a document without secrets") {
    World world;
    auto raw = test::WizardWorld::compute_json("cpu");
    raw["properties"]["properties"]["primaryKey"] = "abcdef";
    world.http.expect_get(space.to_string() + "/computes/cpu?" + test::WizardWorld::version)
        .reply(200, raw);
    // The row's id is in lower case; the name of the workspace is asked for as Azure spells it,
    // when that is known.
    const auto details =
        test::run(world.loop, world.tree->details(asset_row(space, "computes", "cpu"), {}));
    CHECK(details.title == "cpu");
    CHECK(details.content.find("abcdef") == std::string::npos);
    CHECK(json::parse(details.content)["name"] == "cpu");
}

TEST_CASE("only the first page of a long list is asked for") {
    World world;
    const auto url = test::AzureSession::data("history/v1.0", "/experiments/mnist/runs:query");
    json page = json::array();
    for (int i = 0; i < 50; ++i) page.push_back(run_json("r" + std::to_string(i), "Completed"));
    world.http.expect_post(url).reply(200, {{"value", page}, {"continuationToken", "more"}});
    CHECK(world.children(mnist).size() == 51);
    CHECK(world.http.log().back().find("runs:query") != std::string::npos);
}
