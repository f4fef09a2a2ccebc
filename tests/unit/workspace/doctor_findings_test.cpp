#include "workspace/doctor_findings.hpp"

#include "support/chinese.hpp"

#include <doctest/doctest.h>

using namespace aml;
using namespace aml;
using namespace aml::workspace;

TEST_CASE("a remedy is added unless the message has one") {
    CHECK(with_remedy("It broke.", "Mend it.") == "It broke. Mend it.");
    CHECK(with_remedy("It broke", "Mend it.") == "It broke. Mend it.");
    CHECK(with_remedy("It broke; mend it.", "Mend it.") == "It broke; mend it.");
    CHECK(with_remedy("It broke.", "") == "It broke.");
}

TEST_CASE("in Chinese advice is recognised as well") {
    const test::Chinese chinese;
    CHECK(with_remedy("出错了。", "请修复。") == "出错了。请修复。");
    CHECK(with_remedy("出错了", "请修复。") == "出错了。请修复。");
    CHECK(with_remedy("出错了；请重试。", "请修复。") == "出错了；请重试。");
}

TEST_CASE("a role is enough when it may write jobs and what they need") {
    CHECK_FALSE(missing_permission({{.actions = {"*"}}}));
    CHECK_FALSE(missing_permission(
        {{.actions = {"*/read"}},
         {.actions = {"Microsoft.MachineLearningServices/workspaces/*/write"}}}));
    CHECK(missing_permission({{.actions = {"*/read"}}}) ==
          "Microsoft.MachineLearningServices/workspaces/codes/write");
    CHECK(missing_permission({{.actions = {"*"},
                               .not_actions = {"microsoft.machinelearningservices/*/jobs/*"}}}) ==
          "Microsoft.MachineLearningServices/workspaces/jobs/write");
    CHECK(missing_permission({}));
}

TEST_CASE("subscriptions are counted by whether they can be used") {
    DirectoryListing listing;
    CHECK_FALSE(subscriptions_text(listing));
    listing.subscriptions.push_back({.subscription_id = "1", .state = "Disabled"});
    CHECK_FALSE(subscriptions_text(listing));
    listing.subscriptions.push_back({.subscription_id = "2", .state = "Enabled"});
    CHECK(subscriptions_text(listing) == "1 subscription, 1 more switched off");
}

TEST_CASE("the connection is described by encryption") {
    CHECK(connection_text("https://management.azure.com", {}).find("its certificate is trusted") !=
          std::string::npos);
    CHECK(connection_text("http://127.0.0.1:1", {}) ==
          "not encrypted, because it stays on this machine; no proxy");
    CHECK(host_of("https://a.blob.core.windows.net/c") == "a.blob.core.windows.net");
}
