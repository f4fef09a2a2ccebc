#include "features/tree_feature.hpp"

#include "features/lifecycle_feature.hpp"
#include "rig.hpp"
#include "support/settle.hpp"
#include "support/variables.hpp"

#include <string>
#include <vector>

using namespace aml;
using nlohmann::json;

namespace {

constexpr const char* test_workspace =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";
constexpr const char* top = "/subscriptions/s";
constexpr const char* workspace_row =
    "/subscriptions/s/resourcegroups/g/providers/microsoft.machinelearningservices/workspaces/w";

struct TreeRig : test::Rig {
    TreeRig() {
        for (const auto* name : {"AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"}) {
            test::set_variable(name, "x");
        }
        progress.bind(router);
        ui.bind(router);
        lifecycle.bind(router);
        commands.bind(router);
        tree.bind(router, commands);
        start({{"auth", "servicePrincipal"}, {"armEndpoint", "http://127.0.0.1:9"}});
        const json cloud{{"name", "Test"},
                         {"authentication",
                          {{"loginEndpoint", "http://127.0.0.1:9/login"},
                           {"audiences", {"http://127.0.0.1:9"}},
                           {"tenant", "x"}}},
                         {"suffixes", {{"storage", "localhost"}}}};
        http.expect_get("/metadata/endpoints?api-version=2022-09-01").reply(200, cloud).any_times();
        const json token{
            {"token_type", "Bearer"}, {"access_token", "token"}, {"expires_in", 86400}};
        http.expect_post("/login/x/oauth2/v2.0/token").reply(200, token).any_times();
    }

    ~TreeRig() {
        for (const auto* name : {"AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"})
            test::unset_variable(name);
    }

    /// Sends a request and returns what the client got until it was answered; the answer is last.
    std::vector<json> request(const char* method, json params) {
        deliver({{"id", ++id}, {"method", method}, {"params", std::move(params)}});
        test::settle(loop, pool);
        return received();
    }

    json result(const char* method, json params) {
        auto all = request(method, std::move(params));
        REQUIRE(!all.empty());
        CAPTURE(all.back().dump());
        REQUIRE(all.back().contains("result"));
        return all.back()["result"];
    }

    json command(const char* name, json arguments) {
        return result("workspace/executeCommand",
                      {{"command", name}, {"arguments", std::move(arguments)}});
    }

    test::ExpectedCall& subscriptions() {
        const json item{{"subscriptionId", "s"},
                        {"displayName", "Dev"},
                        {"tenantId", "x"},
                        {"state", "Enabled"}};
        return http.expect_get("/subscriptions?api-version=2022-12-01")
            .reply(200, {{"value", {item}}});
    }

    features::ProgressFeature progress{services};
    features::UiFeature ui{services, progress};
    features::LifecycleFeature lifecycle{services};
    features::CommandsFeature commands;
    features::TreeFeature tree{services, ui};
    int id = 0;
};

}  // namespace

TEST_CASE("rows come finished") {
    TreeRig rig;
    rig.subscriptions();
    const auto nodes = rig.result("tree/children", json::object())["nodes"];
    REQUIRE(nodes.size() == 1);
    CHECK(nodes[0] ==
          json::parse(
              R"({"id":"/subscriptions/s","label":"Dev","icon":"key","contextValue":"subscription",
                                      "collapsible":"collapsed",
                                      "tooltip":"**Dev**  \nSubscription: s  \nState: Enabled"})"));
    const auto folders = rig.result("tree/children", {{"id", workspace_row}})["nodes"];
    REQUIRE(folders.size() == 7);
    CHECK(folders[0]["parentId"] == workspace_row);
    CHECK(folders[0]["contextValue"] == "folder.experiments");
}

TEST_CASE("refreshing tells the client which rows to draw again, and how they are now") {
    TreeRig rig;
    rig.subscriptions().any_times();
    const auto listed = rig.result("tree/children", json::object())["nodes"];
    const auto told_of = [&](const char* command, json arguments) {
        const json params{{"command", command}, {"arguments", std::move(arguments)}};
        const auto told = rig.request("workspace/executeCommand", params);
        REQUIRE(told.size() == 2);
        CHECK(told[0]["method"] == "tree/didChange");
        return told[0]["params"];
    };
    CHECK(told_of("azureml.tree.refresh", {top}) == json{{"ids", {top}}, {"nodes", listed}});
    CHECK(told_of("azureml.tree.retry", {workspace_row})["ids"] == json{workspace_row});
    // The top has no id that its failure could name.
    CHECK(!told_of("azureml.tree.retry", json::array()).contains("ids"));
    // Whatever row has the focus.
    for (const json& arguments : {json::array(), json{top, nullptr}})
        CHECK(!told_of("azureml.refresh", arguments).contains("ids"));
}

TEST_CASE("what is copied of a row goes to the clipboard") {
    TreeRig rig;
    rig.subscriptions();
    rig.result("tree/children", json::object());
    const auto copied = [&](const char* command, json row) {
        const json params{{"command", command}, {"arguments", {std::move(row)}}};
        auto all = rig.request("workspace/executeCommand", params);
        return all.back().contains("error") ? all.back()["error"]["message"]
                                            : all.back()["params"]["text"];
    };
    CHECK(copied("azureml.copyName", "/subscriptions/s") == "Dev");
    CHECK(copied("azureml.copyId", "/subscriptions/s") == "/subscriptions/s");
    CHECK(copied("azureml.copyName", "/subscriptions/t") == "This row is no longer in the tree.");
    CHECK(copied("azureml.copyLink", "/subscriptions/s") ==
          "This row has no page in Azure ML studio.");
}

TEST_CASE("cancelling a run asks first") {
    TreeRig rig;
    const auto run = std::string(workspace_row) + "/jobs/r1";
    rig.deliver({{"id", 50},
                 {"method", "workspace/executeCommand"},
                 {"params", {{"command", "azureml.run.cancel"}, {"arguments", {run}}}}});
    const auto asked = rig.received();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0]["method"] == "window/showMessageRequest");
    CHECK(asked[0]["params"]["message"] == "Cancel the run r1? What it has saved so far is kept.");
    const auto path = std::string(test_workspace) + "/jobs/r1/cancel?api-version=2025-12-01";
    rig.http.expect_post(path).reply(202, nullptr);
    rig.deliver({{"id", asked[0]["id"]}, {"result", {{"title", "Cancel run"}}}});
    const auto answered = rig.received();
    REQUIRE(answered.size() == 1);
    CHECK(answered[0]["result"] == true);
}

TEST_CASE("a run is left alone when the question is dismissed") {
    TreeRig rig;
    const auto run = std::string(workspace_row) + "/jobs/r1";
    rig.deliver({{"id", 50},
                 {"method", "workspace/executeCommand"},
                 {"params", {{"command", "azureml.run.cancel"}, {"arguments", {run}}}}});
    const auto asked = rig.received();
    REQUIRE(asked.size() == 1);
    rig.deliver({{"id", asked[0]["id"]}, {"result", nullptr}});
    CHECK(rig.received().size() == 1);
    CHECK(rig.http.requests().empty());
}

TEST_CASE("commands say what is wrong with their arguments") {
    TreeRig rig;
    const auto error = [&](const char* name, json arguments) {
        auto all = rig.request("workspace/executeCommand",
                               {{"command", name}, {"arguments", std::move(arguments)}});
        return all.back()["error"]["message"].get<std::string>();
    };
    CHECK(error("azureml.nothing", json::array()) ==
          "/params/command: there is no command \"azureml.nothing\"");
    CHECK(error("azureml.loadMore", json::array()) ==
          "/params/arguments/0: expected the id of a row of the tree");
    CHECK(error("azureml.run.cancel", {workspace_row}) ==
          "/params/arguments/0: expected the row of a run");
}

TEST_CASE("the filter is asked for in two steps, with Back between them") {
    TreeRig rig;
    rig.deliver({{"id", 50},
                 {"method", "workspace/executeCommand"},
                 {"params", {{"command", "azureml.filterRuns"}}}});
    auto asked = rig.received();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0]["params"]["canPickMany"] == true);
    rig.deliver({{"id", asked[0]["id"]}, {"result", {{"kind", "picked"}, {"ids", {"failed"}}}}});
    asked = rig.received();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0]["method"] == "ui/input");
    rig.deliver({{"id", asked[0]["id"]}, {"result", {{"kind", "back"}}}});
    asked = rig.received();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0]["params"]["items"][2]["picked"] == true);
    rig.deliver({{"id", asked[0]["id"]}, {"result", {{"kind", "picked"}, {"ids", {"failed"}}}}});
    asked = rig.received();
    rig.deliver({{"id", asked[0]["id"]}, {"result", {{"kind", "entered"}, {"value", " mnist "}}}});
    rig.received();
    CHECK(rig.services.session()->tree.selection().filter ==
          runs::RunFilter{.text = "mnist", .groups = {runs::RunGroup::Failed}});
}
