#include "azure/workspaces.hpp"

#include "azure/subscriptions.hpp"
#include "unit/azure/fixture.hpp"

#include <doctest/doctest.h>

using namespace aml;
using nlohmann::json;
using test::AzureFixture;

namespace {

constexpr auto version = "?api-version=2021-04-01";

struct WorkspaceFixture : AzureFixture {
    std::string group = std::string("https://management.azure.com/subscriptions/") +
                        test::subscription + "/resourcegroups/rg1";
    std::string deployment =
        group + "/providers/Microsoft.Resources/deployments/w1-abcd1234" + version;
    std::string status = group +
                         "/providers/Microsoft.Resources/deployments/w1-abcd1234/"
                         "operationStatuses/1" +
                         version;

    asio::awaitable<azure::Workspace> create() {
        azure::WorkspaceSpec spec{.location = "westeurope", .suffix = "abcd1234"};
        return azure::workspaces::create(client, workspace, spec, {}, {});
    }

    void expect_workspace() {
        const json body{{"id", test::workspace_path()}, {"name", "w1"}, {"location", "westeurope"}};
        server.expect_get(arm("")).reply(200, body);
    }

    static json failed(const json& error) { return {{"status", "Failed"}, {"error", error}}; }
};

}  // namespace

TEST_CASE_FIXTURE(WorkspaceFixture, "a workspace is one deployment, which is followed to its end") {
    server.expect_put(deployment)
        .reply(201,
               {{"properties", {{"provisioningState", "Accepted"}}}},
               {{"Azure-AsyncOperation", status}});
    server.expect_get(status).reply(200, {{"status", "Running"}});
    server.expect_get(status).reply(200, {{"status", "Succeeded"}});
    expect_workspace();
    CHECK(run(create()).location == "westeurope");
    const auto body = json::parse(server.requests().front().body.view());
    const auto resources = body["properties"]["template"]["resources"];
    REQUIRE(resources.size() == 5);
    CHECK(resources[0]["name"] == "w1storageabcd1234");
    CHECK(resources[1]["name"] == "w1keyvaultabcd1234");
    CHECK(resources[4]["properties"]["storageAccount"] ==
          std::string("/subscriptions/") + test::subscription +
              "/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/w1storageabcd1234");
    CHECK(resources[4]["dependsOn"].size() == 3);
}

TEST_CASE_FIXTURE(WorkspaceFixture,
                  "a deployment that is under way is the one whose answer was lost") {
    server.expect_put(deployment)
        .reply(409, {{"error", {{"code", "DeploymentActive"}, {"message", "still active"}}}});
    server.expect_get(deployment).reply(200, {{"properties", {{"provisioningState", "Running"}}}});
    server.expect_get(deployment)
        .reply(200, {{"properties", {{"provisioningState", "Succeeded"}}}});
    expect_workspace();
    CHECK(run(create()).name == "w1");
}

TEST_CASE_FIXTURE(WorkspaceFixture, "a failed deployment says what failed, not that it failed") {
    const auto reason_of = [&](const json& error) {
        server.expect_put(deployment)
            .reply(201, json::object(), {{"Azure-AsyncOperation", status}});
        server.expect_get(status).reply(200, failed(error));
        return failure(create());
    };
    auto error =
        reason_of(json::parse(R"({"code":"DeploymentFailed","message":"At least one …","details":[
        {"code":"ResourceDeploymentFailure","message":"terminal","details":[
            {"code":"BadRequest","message":"Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete"}]}]})"));
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(
        error.message() ==
        "Cannot create the workspace w1: a workspace of this name was deleted, and Azure keeps it "
        "for 14 days; choose another name, or recover or purge the deleted one in the Azure portal "
        "(Azure Machine Learning, Recently deleted).");
    // Some providers put their answer in as a text.
    error = reason_of(json::parse(
        R"({"code":"DeploymentFailed","message":"m","details":[{"code":"Conflict","message":"{\r\n \"error\": {\"code\":\"VaultAlreadyExists\",\"message\":\"The vault name is taken\"}}"}]})"));
    CHECK(error.message().find("The vault name is taken") != std::string::npos);
    CHECK(error.details().azure_code == "VaultAlreadyExists");
}

TEST_CASE_FIXTURE(WorkspaceFixture, "a workspace is deleted by an operation, and a lock says so") {
    const auto location = "https://management.azure.com/operations/1";
    server.expect(http::Method::Delete, arm("", "&forceToPurge=true"))
        .reply(202, {}, {{"Location", location}});
    server.expect_get(location).reply(202, json::object(), {{"Location", location}});
    server.expect_get(location).reply(204, {});
    run(azure::workspaces::remove(client, workspace, azure::Deletion::Permanent, {}, {}));
    server.expect(http::Method::Delete, arm(""))
        .reply(409, {{"error", {{"code", "ScopeLocked"}, {"message", "The scope is locked"}}}});
    const auto error =
        failure(azure::workspaces::remove(client, workspace, azure::Deletion::Recoverable, {}, {}));
    CHECK(error.kind() == ErrorKind::Conflict);
    CHECK(
        error.message() ==
        "Cannot delete the workspace w1: a lock on the resource forbids changes; ask its owner to "
        "remove the lock in the Azure portal.");
}

TEST_CASE_FIXTURE(WorkspaceFixture, "a resource group is found, made, or refused") {
    const json body{
        {"id", "/subscriptions/s/resourceGroups/rg1"}, {"name", "rg1"}, {"location", "westeurope"}};
    server.expect_get(group + version)
        .reply(404, {{"error", {{"code", "ResourceGroupNotFound"}, {"message", "no"}}}});
    CHECK_FALSE(run(azure::resource_groups::find(client, test::subscription, "rg1", {})));
    server.expect_put(group + version).with_json({{"location", "westeurope"}}).reply(201, body);
    const auto made =
        run(azure::resource_groups::create(client, test::subscription, "rg1", "westeurope", {}));
    CHECK(made.location == "westeurope");
    server.expect_get(group + version)
        .reply(403, {{"error", {{"code", "AuthorizationFailed"}, {"message", "no"}}}});
    CHECK(failure(azure::resource_groups::find(client, test::subscription, "rg1", {})).kind() ==
          ErrorKind::Forbidden);
}

TEST_CASE("names of workspaces and resource groups") {
    CHECK(azure::workspace_name_problem("team_1-a").empty());
    for (const auto* name : {"ab", "-team", "team a", "a.b", "abcdefghijklmnopqrstuvwxyz12345678"})
        CHECK_FALSE(azure::workspace_name_problem(name).empty());
    CHECK(azure::resource_group_name_problem("(my).group_1").empty());
    for (const auto* name : {"", "a b", "ends.", "a/b"})
        CHECK_FALSE(azure::resource_group_name_problem(name).empty());
}
