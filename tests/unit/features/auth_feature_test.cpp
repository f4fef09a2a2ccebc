#include "features/auth_feature.hpp"

#include "features/account_feature.hpp"
#include "features/lifecycle_feature.hpp"
#include "rig.hpp"
#include "support/error.hpp"

#include <optional>
#include <string>

using namespace aml;
using features::AuthFeature;
using nlohmann::json;

namespace {

const json metadata = json::parse(R"([{
    "portal": "https://portal.azure.com", "name": "AzureCloud",
    "authentication": {"loginEndpoint": "https://login.example", "audiences": ["https://management.azure.com"],
                       "tenant": "common", "identityProvider": "AAD"},
    "resourceManager": "https://management.azure.com",
    "suffixes": {"storage": "core.windows.net"}}])");

/// Header, claims and signature of a token for Ada.
constexpr const char* editor_token = "e30.eyJ1cG4iOiJhZGFAZXhhbXBsZS5jb20iLCJ0aWQiOiJ0LTEifQ.x";

struct AuthRig : test::Rig {
    explicit AuthRig(const char* method) {
        progress.bind(router);
        auth.bind(router);
        lifecycle.bind(router);
        sign_in_tools = auth.sign_in_tools();
        start({{"auth", method}});
        http.expect_get("https://management.azure.com/metadata/endpoints?api-version=2022-09-01")
            .reply(200, metadata);
    }

    void sign_in() {
        tasks.spawn(sign_in_and_note());
        turn();
    }

    asio::awaitable<void> sign_in_and_note() {
        try {
            co_await auth.sign_in(stop.get_token());
            ended = "signed in";
        } catch (const Error& error) {
            ended = to_string(error.kind());
        }
    }

    features::ProgressFeature progress{services};
    AuthFeature auth{services, progress};
    features::LifecycleFeature lifecycle{services};
    std::stop_source stop;
    std::string ended;
};

/// Messages by method; replies have none.
const json* find(const std::vector<json>& messages, const char* method) {
    for (const auto& message : messages) {
        if (message.value("method", "") == method) return &message;
    }
    return nullptr;
}

const json& last_status(const std::vector<json>& messages) {
    const json* last = nullptr;
    for (const auto& message : messages) {
        if (message.value("method", "") == "auth/didChange") last = &message["params"];
    }
    REQUIRE(last != nullptr);
    return *last;
}

}  // namespace

TEST_CASE("the editor's session signs in, and the client hears of each step") {
    AuthRig rig("editor");
    rig.sign_in();
    const auto asked = rig.received();
    CHECK(last_status(asked) == json{{"state", "signingIn"}});
    const auto* request = find(asked, "auth/getToken");
    REQUIRE(request != nullptr);
    CHECK((*request)["params"]["scopes"] == json{"https://management.azure.com/.default"});
    CHECK((*request)["params"]["interactive"] == true);
    CHECK((*request)["params"]["authority"] == "https://login.example");
    rig.deliver(
        {{"id", (*request)["id"]},
         {"result",
          {{"token", editor_token}, {"expiresAt", "2026-01-01T01:00:00Z"}, {"account", "ada"}}}});
    CHECK(rig.ended == "signed in");
    CHECK(last_status(rig.received()) ==
          json{{"state", "signedIn"}, {"account", "ada@example.com"}, {"method", "editor"}});
    rig.auth.sign_out();
    CHECK(last_status(rig.received()) == json{{"state", "signedOut"}});
}

TEST_CASE("whoever was signed out of the editor is signed out here, and nobody else") {
    AuthRig rig("editor");
    features::CommandsFeature commands;
    features::AccountFeature account(rig.services, rig.auth);
    account.bind(rig.router, commands);
    rig.sign_in();
    const auto asked = rig.received();
    rig.deliver(
        {{"id", (*find(asked, "auth/getToken"))["id"]},
         {"result",
          {{"token", editor_token}, {"expiresAt", "2026-01-01T01:00:00Z"}, {"account", "ada"}}}});
    REQUIRE(last_status(rig.received())["state"] == "signedIn");
    const auto change = [&](const char* kind, json answer) {
        rig.deliver({{"method", "auth/didChangeAccounts"}});
        const auto messages = rig.received();
        const auto* request = find(messages, "auth/accounts");
        REQUIRE(request != nullptr);
        rig.deliver({{"id", (*request)["id"]}, {kind, std::move(answer)}});
        return rig.received();
    };
    const json ada{{"id", "1"}, {"label", "ada"}};
    const json eve{{"id", "2"}, {"label", "eve"}};
    CHECK(change("result", {{"accounts", {eve, ada}}}).empty());
    CHECK(change("error", {{"code", -32601}, {"message", "Unhandled method"}}).empty());
    CHECK(last_status(change("result", {{"accounts", {eve}}})) == json{{"state", "signedOut"}});
    rig.deliver({{"method", "auth/didChangeAccounts"}});
    CHECK(rig.received().empty());
}

TEST_CASE("an editor without a Microsoft session is said to have none") {
    AuthRig rig("editor");
    rig.sign_in();
    const auto asked = rig.received();
    rig.deliver({{"id", (*find(asked, "auth/getToken"))["id"]},
                 {"error", {{"code", -32601}, {"message", "Unhandled method auth/getToken"}}}});
    CHECK(rig.ended == "NotSignedIn");
    const auto status = last_status(rig.received());
    CHECK(status["state"] == "signedOut");
    CHECK(status["message"].get<std::string>().find("no Microsoft session") != std::string::npos);
}

TEST_CASE("what Entra ID told the editor is explained") {
    AuthRig rig("editor");
    rig.sign_in();
    const auto asked = rig.received();
    rig.deliver({{"id", (*find(asked, "auth/getToken"))["id"]},
                 {"error",
                  {{"code", -32803},
                   {"message", "AADSTS50057: The user account is disabled. Trace ID: 1"},
                   {"data", {{"kind", "NotSignedIn"}}}}}});
    CHECK(rig.ended == "NotSignedIn");
    CHECK(last_status(rig.received())["message"] ==
          "The account is disabled; ask your administrator.");
}

TEST_CASE("a token without a readable expiry is refused") {
    AuthRig rig("editor");
    rig.sign_in();
    const auto asked = rig.received();
    rig.deliver(
        {{"id", (*find(asked, "auth/getToken"))["id"]},
         {"result", {{"token", editor_token}, {"expiresAt", "tomorrow"}, {"account", "ada"}}}});
    CHECK(rig.ended == "NotSignedIn");
}

TEST_CASE("nobody is asked to sign in while the user has started nothing") {
    AuthRig rig("editor");
    std::exception_ptr failure;
    auto look = [&]() -> asio::awaitable<void> {
        const auto session = rig.services.session();
        auto* connection = co_await session->access.connect({});
        http::TokenRequest request{.scope = "https://management.azure.com/.default"};
        co_await connection->session.token(request, {});
    };
    rig.tasks.spawn(look());
    const auto asked = rig.received();
    const auto* request = find(asked, "auth/getToken");
    REQUIRE(request != nullptr);
    CHECK((*request)["params"]["interactive"] == false);
    SUBCASE("whoever presses Sign in while the editor looks by itself is asked after that") {
        rig.sign_in();
        CHECK(find(rig.received(), "auth/getToken") == nullptr);
        rig.deliver({{"id", (*request)["id"]},
                     {"error",
                      {{"code", -32803},
                       {"message", "Nobody is signed in."},
                       {"data", {{"kind", "NotSignedIn"}}}}}});
        CHECK(rig.ended.empty());
        const auto again = rig.received();
        REQUIRE(find(again, "auth/getToken") != nullptr);
        CHECK((*find(again, "auth/getToken"))["params"]["interactive"] == true);
    }
}

namespace {

struct DeviceCodeRig : AuthRig {
    DeviceCodeRig()
        : AuthRig("deviceCode") {
        services.capabilities.window.reset();
        http.expect_post("https://login.example/organizations/oauth2/v2.0/devicecode")
            .reply(200,
                   {{"user_code", "ABCD-1234"},
                    {"device_code", "d-1"},
                    {"verification_uri", "https://login.example/device"},
                    {"expires_in", 900},
                    {"interval", 5},
                    {"message", "Open the page."}});
    }

    /// This editor has no secret storage.
    void sign_in() {
        AuthRig::sign_in();
        const auto asked = received();
        const auto* reading = find(asked, "auth/readSecret");
        REQUIRE(reading != nullptr);
        deliver({{"id", (*reading)["id"]},
                 {"error", {{"code", -32601}, {"message", "Unhandled method auth/readSecret"}}}});
    }

    /// The message with the code, once shown.
    json question() {
        const auto messages = received();
        const auto* found = find(messages, "window/showMessageRequest");
        REQUIRE(found != nullptr);
        return *found;
    }
};

}  // namespace

TEST_CASE(
    "a device code is shown and copied, its page opened, and all go when the sign-in is over") {
    DeviceCodeRig rig;
    rig.sign_in();
    const auto question = rig.question();
    CHECK(question["params"]["message"] ==
          "To sign in to Azure, open https://login.example/device and enter the code ABCD-1234.");
    rig.deliver({{"id", question["id"]}, {"result", {{"title", "Copy code and open page"}}}});
    const auto copied = rig.received();
    const auto* copy = find(copied, "ui/copy");
    REQUIRE(copy != nullptr);
    CHECK((*copy)["params"]["text"] == "ABCD-1234");
    // An editor that has no clipboard to offer opens the page all the same.
    rig.deliver({{"id", (*copy)["id"]},
                 {"error", {{"code", -32601}, {"message", "Unhandled method ui/copy"}}}});
    const auto opened = rig.received();
    const auto* page = find(opened, "window/showDocument");
    REQUIRE(page != nullptr);
    CHECK((*page)["params"] == json{{"uri", "https://login.example/device"}, {"external", true}});
    rig.http.expect_post("https://login.example/organizations/oauth2/v2.0/token")
        .reply(200,
               {{"access_token", editor_token}, {"expires_in", 3600}, {"token_type", "Bearer"}});
    rig.clock.advance(std::chrono::seconds(5));
    const auto after = rig.received();
    CHECK(rig.ended == "signed in");
    CHECK(last_status(after)["account"] == "ada@example.com");
    // The page request was still open: nobody waits for it any more.
    CHECK(find(after, "$/cancelRequest") != nullptr);
    CHECK(rig.tasks.size() == 0);
}

TEST_CASE("giving up the device code ends the sign-in") {
    DeviceCodeRig rig;
    rig.sign_in();
    rig.deliver({{"id", rig.question()["id"]}, {"result", {{"title", "Cancel"}}}});
    CHECK(rig.ended == "Cancelled");
    CHECK(last_status(rig.received()) == json{{"state", "signedOut"}});
    CHECK(rig.tasks.size() == 0);
}

TEST_CASE("a refresh token is kept in the editor, and removed when someone signs out") {
    DeviceCodeRig rig;
    rig.sign_in();
    rig.deliver({{"id", rig.question()["id"]}, {"result", nullptr}});
    rig.http.expect_post("https://login.example/organizations/oauth2/v2.0/token")
        .reply(200,
               {{"access_token", editor_token},
                {"refresh_token", "r-1"},
                {"expires_in", 3600},
                {"token_type", "Bearer"}});
    rig.clock.advance(std::chrono::seconds(5));
    const auto after = rig.received();
    const auto* kept = find(after, "auth/storeSecret");
    REQUIRE(kept != nullptr);
    CHECK((*kept)["params"] == json{{"key", "refreshTokens https://login.example"},
                                    {"value", R"({"organizations":"r-1"})"}});
    rig.deliver({{"id", (*kept)["id"]}, {"result", nullptr}});
    rig.auth.sign_out();
    rig.turn();
    const auto out = rig.received();
    const auto* removed = find(out, "auth/storeSecret");
    REQUIRE(removed != nullptr);
    CHECK((*removed)["params"] == json{{"key", "refreshTokens https://login.example"}});
    rig.deliver({{"id", (*removed)["id"]}, {"result", nullptr}});
    CHECK(rig.tasks.size() == 0);
}

TEST_CASE("closing the message of a device code ends nothing") {
    DeviceCodeRig rig;
    rig.sign_in();
    rig.deliver({{"id", rig.question()["id"]}, {"result", nullptr}});
    CHECK(rig.ended.empty());
    rig.stop.request_stop();
    rig.turn();
    CHECK(rig.ended == "Cancelled");
    CHECK(rig.tasks.size() == 0);
}

TEST_CASE("another cloud or method starts signed out") {
    AuthRig rig("editor");
    rig.sign_in();
    const auto asked = rig.received();
    rig.deliver(
        {{"id", (*find(asked, "auth/getToken"))["id"]},
         {"result",
          {{"token", editor_token}, {"expiresAt", "2026-01-01T01:00:00Z"}, {"account", "ada"}}}});
    rig.received();
    rig.deliver(
        {{"method", "workspace/didChangeConfiguration"},
         {"params", {{"settings", {{"azureml", {{"armEndpoint", "https://other.example"}}}}}}}});
    CHECK(last_status(rig.received()) == json{{"state", "signedOut"}});
    CHECK(rig.services.session()->access.settings().arm_endpoint == "https://other.example");
    rig.deliver({{"id", 1}, {"method", "auth/status"}});
    CHECK(rig.received().front()["result"] == json{{"state", "signedOut"}});
}
