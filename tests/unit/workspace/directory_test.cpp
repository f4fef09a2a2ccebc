#include "workspace/directory.hpp"

#include "http/base64.hpp"
#include "support/azure_session.hpp"
#include "support/error_of.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace aml;
using nlohmann::json;

namespace {

constexpr auto tenants_url = "/tenants?api-version=2022-12-01";
constexpr auto subscriptions_url = "/subscriptions?api-version=2022-12-01";

/// Somebody with the editor's accounts; each account and tenant has a token of its own, whose value
/// is "account/tenant".
struct People : test::AzureSession {
    People() {
        settings.sign_in = {.method = auth::Method::Editor};
        auth::SignInTools tools;
        tools.ask_editor = [this](http::TokenRequest request, std::stop_token) {
            return token(std::move(request));
        };
        tools.list_accounts = [this](std::stop_token) { return listed(); };
        person = std::make_unique<workspace::AzureAccess>(
            http::PipelineParts{http, clock, random, log, "aml/test", {}}, tasks, settings, tools);
    }

    asio::awaitable<http::AccessToken> token(http::TokenRequest request) {
        const auto refusal = refused.find(request.account + "/" + request.tenant);
        if (refusal != refused.end()) throw Error(ErrorKind::NotSignedIn, refusal->second);
        const json claims{{"upn", "ada@example.com"}, {"tid", request.tenant}};
        http::AccessToken token;
        token.value = Secret("e30." + http::base64_encode(claims.dump()) + "." + request.account +
                             "/" + request.tenant);
        token.expires_at = clock.now() + std::chrono::hours(1);
        co_return token;
    }

    asio::awaitable<std::vector<auth::AccountReference>> listed() { co_return accounts; }

    std::string bearer(const std::string& account, const std::string& tenant) const {
        const json claims{{"upn", "ada@example.com"}, {"tid", tenant}};
        return "Bearer e30." + http::base64_encode(claims.dump()) + "." + account + "/" + tenant;
    }

    void expect_tenants(const std::string& account, std::vector<std::string> names) {
        auto list = json::array();
        for (const auto& name : names)
            list.push_back({{"tenantId", name}, {"displayName", "Tenant " + name}});
        http.expect_get(tenants_url)
            .with_header("Authorization", bearer(account, ""))
            .reply(200, {{"value", list}});
    }

    test::ExpectedCall& expect_subscriptions(const std::string& account,
                                             const std::string& tenant,
                                             std::vector<std::string> ids) {
        auto list = json::array();
        for (const auto& id : ids)
            list.push_back({{"subscriptionId", id},
                            {"displayName", "Subscription " + id},
                            {"tenantId", tenant},
                            {"state", "Enabled"}});
        return http.expect_get(subscriptions_url)
            .with_header("Authorization", bearer(account, tenant))
            .reply(200, {{"value", list}});
    }

    workspace::DirectoryListing list() {
        auto* connection = test::run(loop, person->connect({}));
        return test::run(loop, workspace::list_directory(*connection, {}));
    }

    std::vector<auth::AccountReference> accounts;
    /// By "account/tenant".
    std::map<std::string, std::string> refused;
    std::unique_ptr<workspace::AzureAccess> person;
};

std::vector<std::string> ids_of(const workspace::DirectoryListing& listing) {
    std::vector<std::string> ids;
    for (const auto& one : listing.subscriptions) ids.push_back(one.subscription_id);
    return ids;
}

}  // namespace

TEST_CASE_FIXTURE(People,
                  "every tenant is asked with a token of its own, and one that fails says why") {
    expect_tenants("", {"t1", "t2", "t3"});
    expect_subscriptions("", "t1", {"s1"});
    refused["/t2"] = "A second factor is wanted; sign in again.";
    http.expect_get(subscriptions_url)
        .with_header("Authorization", bearer("", "t3"))
        .reply(403, {{"error", {{"code", "AuthorizationFailed"}, {"message", "No."}}}});
    const auto listing = list();
    CHECK(ids_of(listing) == std::vector<std::string>{"s1"});
    REQUIRE(listing.problems.size() == 2);
    CHECK(listing.problems[0].tenant_name == "Tenant t2");
    CHECK(listing.problems[0].reason == "A second factor is wanted; sign in again.");
    CHECK(listing.problems[0].sign_in_helps);
    CHECK(listing.problems[1].tenant_name == "Tenant t3");
    CHECK_FALSE(listing.problems[1].sign_in_helps);
    CHECK(listing.tenant_names.size() == 3);
}

TEST_CASE_FIXTURE(People, "a subscription is asked for as whoever can see it from then on") {
    expect_tenants("", {"t1", "t2"});
    expect_subscriptions("", "t1", {"s1"});
    expect_subscriptions("", "t2", {"s2", "s1"});
    CHECK(ids_of(list()).size() == 2);
    auto* connection = person->connection();
    http.expect_get("/subscriptions/s2/resourcegroups?api-version=2021-04-01")
        .with_header("Authorization", bearer("", "t2"))
        .reply(200, {{"value", json::array()}});
    test::run(loop, azure::resource_groups::list(connection->client, "s2", {}));
    http.expect_get("/subscriptions/s1/resourcegroups?api-version=2021-04-01")
        .with_header("Authorization", bearer("", "t1"))
        .reply(200, {{"value", json::array()}});
    test::run(loop, azure::resource_groups::list(connection->client, "s1", {}));
}

TEST_CASE_FIXTURE(People, "several accounts are shown; one that the editor does not lend is not") {
    accounts = {{"1", "ada@example.com"}, {"2", "eve@example.com"}, {"3", "game@example.com"}};
    expect_tenants("1", {"t1"});
    expect_subscriptions("1", "t1", {"s1"});
    expect_tenants("2", {"t1"});
    expect_subscriptions("2", "t1", {"s1", "s2"});
    refused["3/"] = "Not for you.";
    const auto listing = list();
    CHECK(ids_of(listing) == std::vector<std::string>{"s1", "s2"});
    CHECK(listing.problems.empty());
}

TEST_CASE_FIXTURE(People, "when nothing can be listed the reason is the error") {
    expect_tenants("", {"t1"});
    refused["/t1"] = "The sign-in has expired; sign in again.";
    const auto error = test::error_of([&] { list(); });
    CHECK(error.kind() == ErrorKind::NotSignedIn);
    CHECK(error.message() == "The sign-in has expired; sign in again.");
}

TEST_CASE_FIXTURE(People, "a configured tenant, and an application, is asked about one tenant") {
    auto* connection = test::run(loop, access.connect({}));
    http.expect_get(subscriptions_url)
        .reply(200,
               {{"value",
                 {{{"subscriptionId", "s1"}, {"displayName", "One"}, {"state", "Enabled"}}}}});
    const auto listing = test::run(loop, workspace::list_directory(*connection, {}));
    CHECK(ids_of(listing) == std::vector<std::string>{"s1"});
    CHECK(listing.tenant_names.empty());
}
