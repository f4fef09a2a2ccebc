#include "azure/page_reader.hpp"
#include "azure/subscriptions.hpp"
#include "azure/workspaces.hpp"
#include "unit/azure/fixture.hpp"

#include <doctest/doctest.h>

using namespace aml;
using test::AzureFixture;
using test::workspace_path;

namespace {

constexpr auto subscriptions_url =
    "https://management.azure.com/subscriptions?api-version=2022-12-01";

}  // namespace

TEST_CASE_FIXTURE(AzureFixture, "subscriptions are listed with their state") {
    server.expect_get(subscriptions_url).reply_fixture(200, "azure/subscriptions.json");
    const auto page = run(azure::subscriptions::list(client, {}, {}));
    REQUIRE(page.items.size() == 2);
    CHECK(page.items[0].display_name == "Dev");
    CHECK(page.items[0].readable());
    CHECK_FALSE(page.items[1].readable());
    CHECK_FALSE(page.has_next());
}

TEST_CASE_FIXTURE(
    AzureFixture,
    "a subscription found in a guest tenant is asked with that tenant's token from then on") {
    server.expect_get(subscriptions_url).reply_fixture(200, "azure/subscriptions.json");
    azure::Identity guest{.tenant = "guest", .account = "ada"};
    run(azure::subscriptions::list(client, guest, {}));
    client.remember_identity(workspace.subscription(), guest);
    server.expect_get(arm("")).reply_fixture(200, "azure/workspace.json");
    run(azure::workspaces::get(client, workspace, {}));
    CHECK(credential.tenants == std::vector<std::string>{"guest", "guest"});
}

TEST_CASE_FIXTURE(AzureFixture,
                  "the tenant that a challenge names is the one the data plane is asked with") {
    const http::Headers challenge{
        {"WWW-Authenticate",
         "Bearer "
         "authorization_uri=\"https://login.example/0af76519-0000-4000-8000-1c80319c0000\""}};
    const nlohmann::json wrong{{"error", {{"code", "InvalidAuthenticationTokenTenant"}}}};
    server.expect_get(arm("")).reply(401, wrong, challenge);
    server.expect_get(arm("")).reply_fixture(200, "azure/workspace.json");
    run(azure::workspaces::get(client, workspace, {}));
    CHECK(client.identity_for(workspace.subscription()).tenant ==
          "0af76519-0000-4000-8000-1c80319c0000");
    server.expect_post(data("history/v1.0", "/runs:query")).reply(200, nlohmann::json::object());
    auto question =
        client.data(http::Method::Post, LocalizedText("ask"), plane, "history/v1.0", "/runs:query");
    run(client.send(std::move(question), {}));
    CHECK(credential.tenants == std::vector<std::string>{"",
                                                         "0af76519-0000-4000-8000-1c80319c0000",
                                                         "0af76519-0000-4000-8000-1c80319c0000"});
}

TEST_CASE_FIXTURE(AzureFixture, "a cloud that lags behind is asked with the version it has") {
    const nlohmann::json refusal{
        {"error", {{"code", "NoRegisteredProviderFound"}, {"message", "No version."}}}};
    const auto path = workspace_path() + "?api-version=";
    server.expect_get(path + "2025-12-01").reply(400, refusal);
    server.expect_get(path + "2024-04-01").reply_fixture(200, "azure/workspace.json");
    run(azure::workspaces::get(client, workspace, {}));
    // It is remembered.
    server.expect_get(path + "2024-04-01").reply_fixture(200, "azure/workspace.json");
    run(azure::workspaces::get(client, workspace, {}));
}

TEST_CASE_FIXTURE(AzureFixture, "a region without the service is asked once more, and no further") {
    const nlohmann::json refusal{
        {"error", {{"code", "NoRegisteredProviderFound"}, {"message", "No location."}}}};
    const auto path = workspace_path() + "?api-version=";
    for (const auto* version : {"2025-12-01", "2024-04-01", "2025-12-01", "2024-04-01"})
        server.expect_get(path + version).reply(400, refusal);
    for (int time = 0; time < 2; ++time) {
        CHECK(failure(azure::workspaces::get(client, workspace, {})).details().azure_code ==
              "NoRegisteredProviderFound");
    }
}

TEST_CASE_FIXTURE(AzureFixture, "tenants and resource groups are listed") {
    server.expect_get("/tenants?api-version=2022-12-01")
        .reply(200,
               {{"value",
                 {{{"tenantId", "t"},
                   {"displayName", "Contoso"},
                   {"defaultDomain", "contoso.com"}}}}});
    CHECK(run(azure::tenants::list(client, {}, {})).items.at(0).display_name == "Contoso");
    server.expect_get("/subscriptions/s/resourcegroups?api-version=2021-04-01")
        .reply(200,
               {{"value",
                 {{{"id", "/subscriptions/s/resourceGroups/g"},
                   {"name", "g"},
                   {"location", "eastus2"}}}}});
    CHECK(run(azure::resource_groups::list(client, "s", {})).items.at(0).id.resource_group() ==
          "g");
}

TEST_CASE_FIXTURE(AzureFixture, "a workspace is read with what matters for running jobs") {
    server.expect_get(arm("")).reply_fixture(200, "azure/workspace.json");
    const auto found = run(azure::workspaces::get(client, workspace, {}));
    CHECK(found.id == workspace);
    CHECK(found.location == "eastus2");
    CHECK(found.discovery_url == "https://eastus2.api.azureml.ms/discovery");
    CHECK(found.workspace_id == "11111111-2222-3333-4444-555555555555");
    CHECK(found.runs_jobs());
    CHECK_FALSE(found.v1_legacy_mode);
    CHECK(found.public_network_access == "Enabled");
}

TEST_CASE_FIXTURE(AzureFixture,
                  "pages are followed as the service says; an empty one is not the end") {
    const std::string list =
        "https://management.azure.com/subscriptions/s/providers/Microsoft.MachineLearningServices/"
        "workspaces?api-version=2025-12-01";
    server.expect_get(list).reply(
        200, {{"value", {{{"name", "a"}}}}, {"nextLink", list + "&$skip=A%2Bb"}});
    server.expect_get(list + "&$skip=A%2Bb")
        .reply(200, {{"value", nlohmann::json::array()}, {"nextLink", list + "&$skip=c"}});
    server.expect_get(list + "&$skip=c")
        .reply(200, {{"value", {{{"name", "b"}}}}, {"nextLink", nullptr}});
    auto page = run(azure::workspaces::list_by_subscription(client, "s", {}));
    CHECK(page.items.size() == 1);
    const auto all = run(azure::collect(std::move(page), {}));
    REQUIRE(all.size() == 2);
    CHECK(all[1].name == "b");
}

TEST_CASE_FIXTURE(AzureFixture, "a list whose pages lead in a circle ends with an error") {
    for (const std::size_t length : {std::size_t{1}, std::size_t{3}}) {
        const auto subscription_id = "s" + std::to_string(length);
        const auto list =
            "/subscriptions/" + subscription_id + "/resourcegroups?api-version=2021-04-01";
        const auto page_at = [&](std::size_t at) {
            return list + "&$skiptoken=" + std::to_string(at % length);
        };
        const auto leads_to = [&](std::size_t at) {
            return nlohmann::json{{"value", nlohmann::json::array()},
                                  {"nextLink", "https://management.azure.com" + page_at(at)}};
        };
        server.expect_get(list).reply(200, leads_to(0));
        for (std::size_t at = 0; at < length; ++at)
            server.expect_get(page_at(at)).any_times().reply(200, leads_to(at + 1));
        const auto before = server.requests().size();
        auto page = run(azure::resource_groups::list(client, subscription_id, {}));
        const auto error = failure(azure::collect(std::move(page), {}));
        CHECK(error.kind() == ErrorKind::AzureFailed);
        CHECK(error.message().find("lead in a circle") != std::string::npos);
        CHECK(server.requests().size() - before <= 2 + 2 * length);
    }
}

TEST_CASE_FIXTURE(AzureFixture, "no more pages are asked for than a limit of items needs") {
    const std::string list = "/subscriptions/s/resourcegroups?api-version=2021-04-01";
    const auto link = "https://management.azure.com" + list + "&$skiptoken=";
    const nlohmann::json two{{{"name", "a"}}, {{"name", "b"}}};
    server.expect_get(list).reply(200, {{"value", two}, {"nextLink", link + "1"}});
    server.expect_get(list + "&$skiptoken=1")
        .reply(200, {{"value", two}, {"nextLink", link + "2"}});
    auto page = run(azure::resource_groups::list(client, "s", {}));
    CHECK(run(azure::collect(std::move(page), {}, 3)).size() == 4);
}

TEST_CASE_FIXTURE(AzureFixture, "a next link to another host is not followed") {
    server.expect_get(subscriptions_url)
        .reply(200,
               {{"value", nlohmann::json::array()},
                {"nextLink", "https://evil.example/subscriptions?x=1"}});
    const auto page = run(azure::subscriptions::list(client, {}, {}));
    REQUIRE(page.has_next());
    const auto error = failure(page.next({}));
    CHECK(error.kind() == ErrorKind::AzureFailed);
    CHECK(error.message().find("another host") != std::string::npos);
}

TEST_CASE_FIXTURE(AzureFixture, "the data plane is discovered once, without a token") {
    server.expect_get(arm("")).reply_fixture(200, "azure/workspace.json");
    server.expect_get("https://eastus2.api.azureml.ms/discovery")
        .reply_fixture(200, "azure/discovery.json");
    const auto found = run(client.data_plane(workspace, {}));
    CHECK(found.api == "https://eastus2.api.azureml.ms");
    CHECK(found.studio == "https://ml.azure.com");
    CHECK_FALSE(server.requests().back().headers.contains("Authorization"));
    run(client.data_plane(*azure::ResourceId::parse(azure::ResourceId(workspace).key()), {}));
    CHECK(server.requests().size() == 2);
    client.forget(workspace);
    client.remember(plane);
    run(client.data_plane(workspace, {}));
    CHECK(server.requests().size() == 2);
}

TEST_CASE_FIXTURE(AzureFixture, "a discovery that names no data plane is an error") {
    server.expect_get(arm("")).reply_fixture(200, "azure/workspace.json");
    server.expect_get("/discovery").reply(200, {{"studio", "https://ml.azure.com"}});
    CHECK(failure(client.data_plane(workspace, {})).message() ==
          "Workspace w1 does not say where its services are.");
}

TEST_CASE_FIXTURE(AzureFixture,
                  "answers that are not JSON, and transport failures, name the operation") {
    for (int i = 0; i < 3; ++i) server.expect_get(arm("")).reply_text(200, "<html>");
    CHECK(failure(azure::workspaces::get(client, workspace, {})).message() ==
          "Cannot read the workspace: the answer is cut off or not JSON; try again, and check what "
          "is between this computer and Azure if that does not help.");
    for (int i = 0; i < 4; ++i)
        server.expect_get(arm("")).fail(Error(ErrorKind::Unavailable, "No route."));
    CHECK(failure(azure::workspaces::get(client, workspace, {})).message() ==
          "Cannot read the workspace: No route.");
}

TEST_CASE_FIXTURE(AzureFixture, "a document that was cut off is asked for again") {
    server.expect_get(arm("")).reply_text(200, R"({"name":"w1","prop)");
    server.expect_get(arm("")).reply_fixture(200, "azure/workspace.json");
    CHECK(run(azure::workspaces::get(client, workspace, {})).id.name() == "w1");
    CHECK(server.requests().size() == 2);
}

TEST_CASE("the continuation token of an address is replaced, not repeated") {
    using azure::with_continuation;
    CHECK(with_continuation("https://h/p", "a/b") == "https://h/p?continuationToken=a%2Fb");
    CHECK(with_continuation("https://h/p?path=x", "t") == "https://h/p?path=x&continuationToken=t");
    CHECK(with_continuation("https://h/p?continuationToken=a&path=x", "t") ==
          "https://h/p?path=x&continuationToken=t");
    CHECK(with_continuation("https://h/p?path=x&continuationToken=a", "t") ==
          "https://h/p?path=x&continuationToken=t");
}
