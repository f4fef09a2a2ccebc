// Workspaces by deployments of templates, compute instances, locks and names that are kept.

#include "unit/emulator/arm_fixture.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace aml::emulator;
using aml::emulator::test::ArmWorld;

namespace {

struct PlacesWorld : ArmWorld {
    std::string group = fmt::format("/subscriptions/{}/resourceGroups/{}",
                                    context->identity.subscription_id,
                                    context->identity.resource_group);
    std::string deployment = group + "/providers/Microsoft.Resources/deployments/d1";

    std::string provider(const std::string& rest) const { return group + "/providers/" + rest; }

    std::string made(const std::string& name) const {
        return provider("Microsoft.MachineLearningServices/workspaces/" + name);
    }

    /// As the official tools write one: names and choices are parameters.
    static json workspace_template() {
        return json::parse(R"({
            "parameters": {
                "name": {"type": "string"},
                "place": {"type": "string", "defaultValue": "[resourceGroup().location]"},
                "account": {"type": "string", "defaultValue": "[concat('sa', uniqueString(resourceGroup().id))]"},
                "registry": {"type": "string", "defaultValue": "none", "allowedValues": ["none", "new"]}},
            "variables": {"storage": "[resourceId('Microsoft.Storage/storageAccounts', parameters('account'))]"},
            "resources": [
                {"type": "Microsoft.MachineLearningServices/workspaces", "name": "[parameters('name')]",
                 "location": "[parameters('place')]",
                 "dependsOn": ["[variables('storage')]", "[resourceId('Microsoft.ContainerRegistry/registries', 'r')]"],
                 "properties": {"storageAccount": "[variables('storage')]",
                     "keyVault": "[resourceId('Microsoft.KeyVault/vaults', 'v')]",
                     "applicationInsights": "[resourceId('Microsoft.Insights/components', 'i')]",
                     "containerRegistry": "[if(equals(parameters('registry'), 'none'), json('null'), reference('r'))]",
                     "hbiWorkspace": "false", "systemDatastoresAuthMode": ""}},
                {"type": "Microsoft.ContainerRegistry/registries", "name": "r", "location": "[parameters('place')]",
                 "condition": "[not(equals(parameters('registry'), 'none'))]"},
                {"type": "Microsoft.Storage/storageAccounts", "name": "[parameters('account')]",
                 "location": "[parameters('place')]", "kind": "StorageV2"}]})");
    }

    Reply deploy(json parameters, json source = workspace_template()) {
        for (auto& value : parameters) value = {{"value", value}};
        return call("PUT",
                    deployment,
                    {{"properties",
                      {{"mode", "incremental"},
                       {"template", std::move(source)},
                       {"parameters", std::move(parameters)}}}});
    }

    static std::string code_of(const Reply& reply) { return body_of(reply)["error"]["code"]; }

    static std::string message_of(const Reply& reply) { return body_of(reply)["error"]["message"]; }

    json instance(const std::string& size = "Standard_DS3_v2") const {
        return {{"location", context->identity.location},
                {"properties",
                 {{"computeType", "ComputeInstance"},
                  {"properties", {{"vmSize", size}, {"idleTimeBeforeShutdown", "PT60M"}}}}}};
    }

    std::string state_of(const std::string& name) {
        return body_of(get(workspace + "/computes/" + name))["properties"]["properties"]["state"];
    }

    void reseed(const std::string& text) {
        const auto file = std::filesystem::temp_directory_path() /
                          fmt::format("aml-places-{}.json", random->uuid());
        settings.seed = file;
        std::ofstream(file) << text;
        arm->start();
        std::filesystem::remove(file);
        settings.seed.reset();
    }
};

}  // namespace

TEST_CASE_FIXTURE(PlacesWorld,
                  "a template makes a workspace and what it depends on, in the order it needs") {
    const auto begun = deploy({{"name", "made"}, {"registry", nullptr}});
    REQUIRE(begun.status == 201);
    CHECK(body_of(begun)["properties"]["provisioningState"] == "Accepted");
    const auto status = begun.headers.get("Azure-AsyncOperation");
    CHECK(body_of(get(status))["status"] == "Running");
    CHECK(body_of(get(made("made")))["properties"]["provisioningState"] == "Creating");
    CHECK(deploy({{"name", "made"}}).status == 409);
    pass(std::chrono::seconds(2));
    CHECK(body_of(get(status))["status"] == "Succeeded");
    const auto shown = body_of(get(made("made")))["properties"];
    CHECK(shown["provisioningState"] == "Succeeded");
    CHECK(shown["hbiWorkspace"] == false);
    CHECK(shown["systemDatastoresAuthMode"] == "AccessKey");
    const std::string account = shown["storageAccount"];
    CHECK(body_of(get(account))["kind"] == "StorageV2");
    CHECK(resources
              .find_workspace(
                  context->identity.subscription_id, context->identity.resource_group, "made")
              ->storage_account == account.substr(account.rfind('/') + 1));
    const auto operations = body_of(get(group + "/deployments/d1/operations"))["value"];
    REQUIRE(operations.size() == 2);
    CHECK(operations[0]["properties"]["targetResource"]["id"] == account);
    CHECK(operations[1]["properties"]["provisioningState"] == "Succeeded");
    CHECK(body_of(get(deployment))["properties"]["outputResources"].size() == 2);
    CHECK(get(provider("Microsoft.ContainerRegistry/registries/r")).status == 404);
    CHECK(call("DELETE", account).status == 200);
    CHECK(get(account).status == 404);
}

TEST_CASE_FIXTURE(PlacesWorld, "what is wrong with a template is said before anything is made") {
    const auto complaint = [&](json parameters, json source) {
        const auto reply = deploy(std::move(parameters), std::move(source));
        CHECK(reply.status == 400);
        return message_of(reply);
    };
    const auto with = [](const char* member, const char* text) {
        auto source = workspace_template();
        source["resources"][2][member] = text;
        return source;
    };
    CHECK(complaint(json::object(), workspace_template()).find("'name' is not provided") !=
          std::string::npos);
    CHECK(complaint({{"name", "a"}, {"colour", "b"}}, workspace_template()).find("'colour'") !=
          std::string::npos);
    CHECK(complaint({{"name", "a"}, {"registry", "old"}}, workspace_template())
              .find("not part of the allowed value") != std::string::npos);
    CHECK(complaint({{"name", "a"}}, with("name", "[nonsense(1)]")).find("'nonsense'") !=
          std::string::npos);
    CHECK(complaint({{"name", "a"}}, with("name", "[concat('x']")).find("cannot be read") !=
          std::string::npos);
    CHECK(complaint({{"name", "a"}}, with("type", "Microsoft.Toys/robots"))
              .find("Microsoft.Toys/robots") != std::string::npos);
    CHECK(complaint({{"name", "a"}, {"place", "mars"}}, workspace_template())
              .find("'mars' is not available") != std::string::npos);
    CHECK(complaint({{"name", "a"}, {"account", "UPPER"}}, workspace_template())
              .find("not a valid storage account name") != std::string::npos);
    CHECK(get(made("a")).status == 404);
}

TEST_CASE_FIXTURE(PlacesWorld, "a resource that is refused fails the deployment, with the reason") {
    const auto begun = deploy({{"name", "x"}});
    CHECK(begun.status == 201);
    pass(std::chrono::seconds(2));
    const auto ended = body_of(get(begun.headers.get("Azure-AsyncOperation")));
    CHECK(ended["status"] == "Failed");
    CHECK(ended["error"]["code"] == "DeploymentFailed");
    const std::string reason = ended["error"]["details"][0]["details"][0]["message"];
    CHECK(reason.find("Workspace name 'x' is invalid") != std::string::npos);
    const auto operations = body_of(get(group + "/deployments/d1/operations"))["value"];
    CHECK(operations[1]["properties"]["statusMessage"]["error"]["code"] == "BadRequest");
}

TEST_CASE_FIXTURE(PlacesWorld, "a compute instance is stopped and started, and takes its time") {
    const auto created = put("/computes/mine", instance());
    REQUIRE(created.status == 201);
    CHECK(state_of("mine") == "Creating");
    CHECK(call("POST", workspace + "/computes/mine/stop").status == 409);
    pass(std::chrono::seconds(2));
    CHECK(state_of("mine") == "Running");
    CHECK(put("/computes/mine", instance()).status == 400);
    const auto act = [&](const char* action, const char* meanwhile, const char* then) {
        const auto begun = call("POST", workspace + "/computes/mine/" + action);
        CHECK(begun.status == 202);
        CHECK(state_of("mine") == meanwhile);
        pass(std::chrono::seconds(1));
        CHECK(body_of(get(begun.headers.get("Azure-AsyncOperation")))["status"] == "Succeeded");
        CHECK(state_of("mine") == then);
    };
    act("stop", "Stopping", "Stopped");
    act("stop", "Stopped", "Stopped");
    CHECK(call("POST", workspace + "/computes/mine/restart").status == 400);
    act("start", "Starting", "Running");
    act("restart", "Restarting", "Running");
    const auto last = body_of(get(workspace + "/computes/mine"))["properties"]["properties"];
    CHECK(last["lastOperation"]["operationName"] == "Restart");
    CHECK(last["idleTimeBeforeShutdown"] == "PT60M");
    CHECK(call("POST", workspace + "/computes/mine/listNodes").status == 400);
    CHECK(call("DELETE", workspace + "/computes/mine?underlyingResourceAction=Delete").status ==
          202);
    pass(std::chrono::seconds(1));
    CHECK(get(workspace + "/computes/mine").status == 404);
}

TEST_CASE_FIXTURE(PlacesWorld, "the quota counts instances that are on, and refuses one too many") {
    // Of 64 cores of its family, each has 64.
    const auto size = "Standard_NC64as_T4_v3";
    CHECK(put("/computes/first", instance(size)).status == 201);
    pass(std::chrono::seconds(2));
    const auto refused = put("/computes/second", instance(size));
    CHECK(refused.status == 400);
    CHECK(
        message_of(refused).find("Current Limit: 64, Current Usage: 64, Additional Required: 64") !=
        std::string::npos);
    call("POST", workspace + "/computes/first/stop");
    pass(std::chrono::seconds(1));
    CHECK(put("/computes/second", instance(size)).status == 201);
    pass(std::chrono::seconds(2));
    CHECK(call("POST", workspace + "/computes/first/start").status == 400);
    const auto without = instance("Standard_ND96asr_v4");
    CHECK(put("/computes/third", without).status == 400);
}

TEST_CASE_FIXTURE(PlacesWorld, "a lock keeps a workspace and its computes from being deleted") {
    reseed(R"({"workspaces":[{"name":"kept","locked":1,"computes":[{"name":"cpu"}]}]})");
    const auto refused = call("DELETE", made("kept"));
    CHECK(refused.status == 409);
    CHECK(code_of(refused) == "ScopeLocked");
    CHECK(call("DELETE", made("kept") + "/computes/cpu?underlyingResourceAction=Delete").status ==
          409);
}

TEST_CASE_FIXTURE(PlacesWorld, "a deleted workspace keeps its name until it is purged") {
    reseed(R"({"softDelete":1,"workspaces":[{"name":"gone"},{"name":"purged"}]})");
    call("DELETE", made("gone"));
    call("DELETE", made("purged") + "?forceToPurge=true");
    pass(std::chrono::seconds(2));
    const auto again = deploy({{"name", "gone"}});
    pass(std::chrono::seconds(2));
    const auto ended = body_of(get(again.headers.get("Azure-AsyncOperation")));
    CHECK(ended["error"].dump().find("Soft-deleted workspace exists") != std::string::npos);
    deploy({{"name", "purged"}});
    pass(std::chrono::seconds(2));
    CHECK(get(made("purged")).status == 200);
    CHECK(call("DELETE", made("gone") + "?forceToPurge=true").status == 204);
    deploy({{"name", "gone"}});
    pass(std::chrono::seconds(2));
    CHECK(get(made("gone")).status == 200);
}
