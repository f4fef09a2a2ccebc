#include "auth/session.hpp"

#include "support/program_file.hpp"
#include "support/temporary_directory.hpp"
#include "unit/auth/fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace aml;
using std::chrono::seconds;
using test::AuthFixture;
using test::token_path;

namespace {

class CountingCredential final : public http::Credential {
public:
    explicit CountingCredential(async::Clock& clock)
        : clock_(clock) {}

    asio::awaitable<http::AccessToken> token(http::TokenRequest request,
                                             std::stop_token stop) override {
        const auto call = ++calls;
        co_await clock_.sleep_for(std::chrono::milliseconds(1), std::move(stop));
        if (failure) throw *failure;
        http::AccessToken token;
        token.value = Secret(request.scope + std::to_string(call));
        token.expires_at = clock_.now() + lifetime;
        token.refresh_at = clock_.now() + refresh_in;
        co_return token;
    }

    int calls = 0;
    seconds lifetime{3600};
    seconds refresh_in{3000};
    std::optional<Error> failure;

private:
    async::Clock& clock_;
};

struct CacheFixture : AuthFixture {
    async::TaskGroup group{loop.get_executor(), nullptr};
    CountingCredential source{clock};
    auth::TokenCache cache{source, clock, group};
};

struct SessionFixture : AuthFixture {
    async::TaskGroup group{loop.get_executor(), nullptr};
    auth::SignInSettings settings;
    auth::SignInTools tools;
    int changes = 0;

    std::unique_ptr<auth::Session> session() {
        auto cloud = http::public_cloud();
        cloud.authority = "https://login.example";
        auto result =
            std::make_unique<auth::Session>(pipeline, clock, group, cloud, settings, tools);
        result->on_change([this] { ++changes; });
        return result;
    }

    void configure_principal() {
        settings.tenant = "t1";
        settings.client_id = "c1";
        settings.client_secret = Secret("p");
    }

    auth::AskEditor editor(std::string who) {
        return [this, who](http::TokenRequest, std::stop_token) { return answer(who); };
    }

    /// An editor that Microsoft lets ask for Azure Resource Manager only.
    asio::awaitable<http::AccessToken> lend(http::TokenRequest request) {
        if (request.scope == "storage") {
            throw auth::error_of(auth::OauthError{
                .description = "AADSTS65002: Consent between first party application and first "
                               "party resource must be configured via preauthorization.",
                .aadsts = 65002});
        }
        return answer("ada");
    }

    asio::awaitable<http::AccessToken> answer(std::string who) {
        if (who.empty()) throw Error(ErrorKind::NotSignedIn, "Nobody signed in to the editor.");
        http::AccessToken token;
        token.value = Secret(test::jwt({{"upn", who}, {"tid", "t1"}}));
        token.expires_at = clock.now() + seconds(3600);
        co_return token;
    }
};

}  // namespace

TEST_CASE_FIXTURE(CacheFixture,
                  "a token is kept by scope and tenant until two minutes before its end") {
    source.refresh_in = seconds(7200);
    CHECK(token(cache, {"a"}).value == Secret("a1"));
    CHECK(token(cache, {"a"}).value == Secret("a1"));
    CHECK(token(cache, {"b"}).value == Secret("b2"));
    CHECK(token(cache, {"a", "t2"}).value == Secret("a3"));
    clock.advance(seconds(3600 - 121));
    CHECK(token(cache, {"a"}).value == Secret("a1"));
    clock.advance(seconds(2));
    CHECK(token(cache, {"a"}).value == Secret("a4"));
}

TEST_CASE_FIXTURE(CacheFixture,
                  "a suggested renewal that fails for want of a connection can wait") {
    token(cache, {"a"});
    clock.advance(seconds(3001));
    source.failure = Error(ErrorKind::Unavailable, "offline");
    CHECK(token(cache, {"a"}).value == Secret("a1"));
    source.failure = Error(ErrorKind::NotSignedIn, "revoked");
    CHECK(failure(cache, {"a"}).kind() == ErrorKind::NotSignedIn);
    source.failure = Error(ErrorKind::Unavailable, "offline");
    clock.advance(seconds(600));
    CHECK(failure(cache, {"a"}).kind() == ErrorKind::Unavailable);
}

TEST_CASE_FIXTURE(CacheFixture, "a refused token is renewed, and the new one kept") {
    token(cache, {"a"});
    http::TokenRequest again{"a"};
    again.refused = Secret("a1");
    CHECK(token(cache, again).value == Secret("a2"));
    CHECK(token(cache, {"a"}).value == Secret("a2"));
    // Whoever was refused with the same old token finds it renewed already.
    CHECK(token(cache, again).value == Secret("a2"));
    CHECK(source.calls == 2);
    cache.clear();
    CHECK(token(cache, {"a"}).value == Secret("a3"));
}

TEST_CASE_FIXTURE(CacheFixture, "callers that need the same token share one request") {
    std::vector<std::string> tokens;
    auto ask = [&]() -> asio::awaitable<void> {
        http::TokenRequest request{"a"};
        const auto token = co_await cache.token(std::move(request), {});
        tokens.push_back(token.value.reveal());
    };
    async::TaskGroup callers(loop.get_executor(), nullptr);
    for (int i = 0; i < 5; ++i) callers.spawn(ask());
    test::run(loop, callers.join());
    CHECK(tokens == std::vector<std::string>(5, "a1"));
}

TEST_CASE_FIXTURE(CacheFixture, "whoever has to prove more does not wait for a lesser token") {
    std::vector<std::string> tokens;
    auto ask = [&](std::string claims) -> asio::awaitable<void> {
        http::TokenRequest request{"a", "", std::move(claims)};
        const auto token = co_await cache.token(std::move(request), {});
        tokens.push_back(token.value.reveal());
    };
    async::TaskGroup callers(loop.get_executor(), nullptr);
    for (const auto* claims : {"", "e30=", "", "e30="}) callers.spawn(ask(claims));
    test::run(loop, callers.join());
    CHECK(source.calls == 2);
    CHECK(std::count(tokens.begin(), tokens.end(), "a1") == 2);
    CHECK(std::count(tokens.begin(), tokens.end(), "a2") == 2);
}

TEST_CASE_FIXTURE(CacheFixture, "accounts have tokens of their own") {
    http::TokenRequest other{"a"};
    other.account = "ada";
    CHECK(token(cache, {"a"}).value == Secret("a1"));
    CHECK(token(cache, other).value == Secret("a2"));
    CHECK(token(cache, other).value == Secret("a2"));
}

TEST_CASE("the setting's words and the methods are one") {
    CHECK(auth::parse_method("auto") == auth::Method::Auto);
    for (const auto method : auth::all_methods) {
        CHECK(auth::parse_method(auth::to_string(method)) == method);
        CHECK_FALSE(auth::describe(method).empty());
    }
    CHECK_FALSE(auth::parse_method("azurecli"));
}

TEST_CASE_FIXTURE(SessionFixture, "auto takes the environment's service principal first") {
    configure_principal();
    tools.ask_editor = editor("ada@example.com");
    const auto session = this->session();
    CHECK_FALSE(session->method());
    server.expect_post(token_path)
        .reply(
            200,
            {{"access_token", test::jwt({{"appid", "c1"}, {"tid", "t1"}})}, {"expires_in", 3600}});
    const auto account = test::run(loop, session->sign_in({}));
    CHECK(account.name == "c1");
    CHECK(session->method() == auth::Method::ServicePrincipal);
    CHECK(session->skipped().empty());
    CHECK(changes == 1);
}

TEST_CASE_FIXTURE(SessionFixture,
                  "auto says what it passed over and why, and stays with what works") {
    tools.ask_editor = editor("ada@example.com");
    const auto session = this->session();
    token(*session);
    token(*session, {"other"});
    CHECK(session->method() == auth::Method::Editor);
    CHECK(session->account()->name == "ada@example.com");
    CHECK(session->skipped() ==
          std::vector<std::string>{
              "the service principal from the environment: AZURE_TENANT_ID is not set"});
    CHECK(changes == 1);
}

TEST_CASE_FIXTURE(SessionFixture, "when nothing works the error names every way and why") {
    tools.ask_editor = editor("");
    const auto session = this->session();
    const auto error = failure(*session);
    CHECK(error.kind() == ErrorKind::NotSignedIn);
    CHECK(error.message() ==
          "Not signed in to Azure; no way to sign in works (the service principal from the "
          "environment: AZURE_TENANT_ID is not set; the editor's Microsoft session: Nobody signed "
          "in to the editor; the Azure CLI: this program cannot use it; the managed identity of "
          "this machine: this program cannot use it; a code entered in the browser: nobody is "
          "there to enter a code).");
    CHECK_FALSE(session->account());
}

TEST_CASE_FIXTURE(SessionFixture, "auto goes on to the machine's own ways: CLI, then identity") {
    asio::thread_pool pool(1);
    tools.pool = &pool;
    tools.ask_editor = editor("");
    settings.path = "/nowhere";
    settings.managed_identity.msi_endpoint = "http://127.0.0.1:9/msi/token";
    settings.managed_identity.msi_secret = Secret("m");
    const auto session = this->session();
    server.expect_get("/msi/token?api-version=2017-09-01&resource=s")
        .with_header("secret", "m")
        .reply(200,
               {{"access_token", test::jwt({{"appid", "m1"}, {"tid", "t1"}})},
                {"expires_on", "1767312000"}});
    token(*session);
    CHECK(session->method() == auth::Method::ManagedIdentity);
    CHECK(session->skipped() ==
          std::vector<std::string>{
              "the service principal from the environment: AZURE_TENANT_ID is not set",
              "the editor's Microsoft session: Nobody signed in to the editor",
              "the Azure CLI: The Azure CLI is not installed: there is no az in PATH"});
    pool.join();
}

TEST_CASE_FIXTURE(SessionFixture,
                  "what the editor's client may not ask for is asked of the Azure CLI, if it can") {
    asio::thread_pool pool(1);
    test::TemporaryDirectory folder;
    tools.pool = &pool;
    settings.path = folder.path().string();
    tools.ask_editor = [this](http::TokenRequest request, std::stop_token) {
        return lend(std::move(request));
    };
    const auto session = this->session();
    CHECK(token(*session, {"arm"}).value == Secret(test::jwt({{"upn", "ada"}, {"tid", "t1"}})));
    const http::TokenRequest storage{.scope = "storage", .account = "editor-account"};
    const auto refused = failure(*session, storage);
    CHECK(refused.details().azure_code == "AADSTS65002");
    CHECK(refused.message().find("run \"az login\" in a terminal") != std::string::npos);
    test::write_program(
        folder.path(), "az", {.output = R"({"accessToken":"from-az","expires_on":1893456000})"});
    test::run(loop, session->sign_in({}));
    CHECK(token(*session, storage).value == Secret("from-az"));
    CHECK(session->method() == auth::Method::Editor);
    pool.join();
}

TEST_CASE_FIXTURE(SessionFixture, "the editor's accounts are listed, another way has one") {
    tools.ask_editor = editor("ada@example.com");
    const auto alone = this->session();
    CHECK(test::run(loop, alone->accounts({})) ==
          std::vector<auth::AccountReference>{{"", "ada@example.com"}});
    tools.list_accounts =
        [](std::stop_token) -> asio::awaitable<std::vector<auth::AccountReference>> {
        std::vector<auth::AccountReference> accounts{{"1", "ada@example.com"},
                                                     {"2", "eve@example.com"}};
        co_return accounts;
    };
    const auto both = this->session();
    CHECK(test::run(loop, both->accounts({})).size() == 2);
}

TEST_CASE_FIXTURE(
    SessionFixture,
    "a configured service principal that is refused is an error, not a reason to go on") {
    configure_principal();
    tools.ask_editor = editor("ada@example.com");
    const auto session = this->session();
    refuse(token_path, "invalid_client", "AADSTS7000222: expired");
    CHECK(failure(*session).message().find("The client secret has expired") == 0);
    CHECK_FALSE(session->method());
}

TEST_CASE_FIXTURE(SessionFixture, "a method that was chosen is the only one") {
    settings.method = auth::Method::Editor;
    configure_principal();
    const auto session = this->session();
    CHECK(failure(*session).message() ==
          "Not signed in to Azure; no way to sign in works (the editor's Microsoft session: no "
          "editor is connected that could lend its session).");
}

TEST_CASE_FIXTURE(SessionFixture,
                  "signing out forgets account, choice and tokens until the user signs in again") {
    tools.ask_editor = editor("ada@example.com");
    const auto session = this->session();
    token(*session);
    session->sign_out();
    CHECK_FALSE(session->account());
    CHECK_FALSE(session->method());
    CHECK(changes == 2);
    CHECK(failure(*session).kind() == ErrorKind::NotSignedIn);
    CHECK_FALSE(session->account());
    CHECK(changes == 2);
    test::run(loop, session->sign_in({}));
    CHECK(session->account()->name == "ada@example.com");
    CHECK(changes == 3);
    token(*session);
    session->sign_out();
    test::run(loop, session->sign_in_to("t2", {}, {}));
    CHECK(session->account()->name == "ada@example.com");
}

TEST_CASE_FIXTURE(SessionFixture, "a token that arrives after signing out does not sign in again") {
    configure_principal();
    const auto session = this->session();
    auto& late = server.expect_post(token_path);
    late.reply(200, {{"access_token", test::jwt({{"appid", "c1"}})}, {"expires_in", 3600}}).hold();
    async::TaskGroup callers(loop.get_executor(), nullptr);
    auto call = [&]() -> asio::awaitable<void> {
        http::TokenRequest request{"s"};
        co_await session->token(std::move(request), {});
    };
    callers.spawn(call());
    loop.poll();
    session->sign_out();
    late.release();
    test::run(loop, callers.join());
    CHECK_FALSE(session->account());
    CHECK_FALSE(session->method());
}
