#include "auth/account.hpp"
#include "auth/device_code_credential.hpp"
#include "auth/service_principal_credential.hpp"
#include "http/transport_failure.hpp"
#include "unit/auth/fixture.hpp"

#include <doctest/doctest.h>

using namespace aml;
using test::AuthFixture;
using test::device_path;
using test::token_path;

TEST_CASE("an account is read from a token's claims, for display") {
    const auto person = auth::account_of(Secret(
        test::jwt({{"upn", "ada@example.com"}, {"name", "Ada"}, {"tid", "t1"}, {"oid", "o1"}})));
    CHECK(person == auth::Account{"ada@example.com", "t1", "o1", false});
    const auto application = auth::account_of(
        Secret(test::jwt({{"appid", "a1"}, {"idtyp", "app"}, {"tid", "t1"}, {"oid", "o2"}})));
    CHECK(application == auth::Account{"a1", "t1", "o2", true});
    for (const auto* text : {"", "opaque", "a.b", "a.!!.c", "a.bm8.c"})
        CHECK_FALSE(auth::account_of(Secret(text)));
}

TEST_CASE_FIXTURE(AuthFixture, "a service principal exchanges its secret for a token") {
    auth::ServicePrincipalCredential credential(
        endpoint(), "t1", "c 1", auth::secret_proof(Secret("p&ss")));
    server.expect_post("https://login.example/t1/oauth2/v2.0/token")
        .with_header("Content-Type", "application/x-www-form-urlencoded")
        .with_body(
            "grant_type=client_credentials&client_id=c%201&client_secret=p%26ss&scope=s%2F.default")
        .reply_fixture(200, "azure/token.json");
    const auto token = this->token(credential);
    CHECK(token.value.reveal().starts_with("eyJ"));
    CHECK(token.expires_at == test::new_year() + std::chrono::seconds(86399));
    CHECK(token.refresh_at == test::new_year() + std::chrono::seconds(43199));
}

TEST_CASE_FIXTURE(AuthFixture, "a sign-in service that nobody runs is asked three times, no more") {
    ErrorDetails details;
    details.azure_code = http::transport_failure::no_connection;
    const Error refused(ErrorKind::Unavailable, "It refuses connections.", details);
    for (int i = 0; i < 3; ++i) server.expect_post(token_path).fail(refused);
    auth::ServicePrincipalCredential credential(
        endpoint(), "t1", "c1", auth::secret_proof(Secret("p")));
    // The request that needs the token has retries of its own, which must not multiply these.
    const auto azure = http::make_pipeline(
        {server, clock, random, Log(), "aml", {}}, credential, {{"https://azure.example"}, {}});
    http::Request request;
    request.url = "https://azure.example/subscriptions";
    request.scope = "s/.default";
    CHECK_THROWS_WITH_AS(test::run(loop, azure.send(std::move(request), {})),
                         "Cannot reach the sign-in service. It refuses connections.",
                         Error);
    CHECK(server.requests().size() == 3);
}

TEST_CASE_FIXTURE(AuthFixture, "a request for another tenant or with claims says so") {
    auth::ServicePrincipalCredential credential(
        endpoint(), "t1", "c1", auth::secret_proof(Secret("p")));
    server.expect_post("/t2/oauth2/v2.0/token")
        .with_body(
            "grant_type=client_credentials&client_id=c1&client_secret=p&scope=s%2F.default&claims=%"
            "7B%7D")
        .reply_fixture(200, "azure/token.json");
    http::TokenRequest request{"s/.default", "t2", "e30="};
    token(credential, request);
}

TEST_CASE_FIXTURE(AuthFixture,
                  "the known reasons for a refusal have a plain sentence and a remedy") {
    struct Row {
        const char* description;
        const char* sentence;
    };

    const Row rows[] = {
        {"AADSTS7000222: The provided client secret keys for app 'a' are expired.",
         "The client secret has expired"},
        {"AADSTS7000215: Invalid client secret provided.", "The client secret is wrong"},
        {"AADSTS700016: Application with identifier 'a' was not found",
         "The tenant knows no application"},
        {"AADSTS90002: Tenant 'x' not found.", "There is no such tenant"},
        {"AADSTS50020: User account from identity provider",
         "The account does not belong to this tenant"},
        {"AADSTS50076: Due to a configuration change",
         "Your organisation asks for a second factor"},
        {"AADSTS53003: Access has been blocked by Conditional Access",
         "A conditional access policy"},
        {"AADSTS65001: The user or administrator has not consented",
         "Your organisation has to allow this"},
    };
    auth::ServicePrincipalCredential credential(
        endpoint(), "t1", "c1", auth::secret_proof(Secret("p")));
    for (const auto& row : rows) {
        CAPTURE(row.description);
        refuse(token_path, "invalid_client", row.description);
        const auto error = failure(credential);
        CHECK(error.kind() == ErrorKind::NotSignedIn);
        CHECK(error.message().find(row.sentence) == 0);
        CHECK(error.details().azure_code.starts_with("AADSTS"));
    }
}

TEST_CASE_FIXTURE(AuthFixture, "an unknown reason is quoted without its trace ids") {
    auth::ServicePrincipalCredential credential(
        endpoint(), "t1", "c1", auth::secret_proof(Secret("p")));
    refuse(token_path, "odd", "AADSTS12345: Something odd. Trace ID: 1 Correlation ID: 2");
    CHECK(failure(credential).message() == "The sign-in was refused: Something odd (AADSTS12345).");
    refuse(token_path, "invalid_client");
    CHECK(failure(credential).message().find("The application id or its secret is wrong") == 0);
}

TEST_CASE_FIXTURE(AuthFixture, "an authority that is away or is none says so") {
    auth::ServicePrincipalCredential credential(
        endpoint(), "t1", "c1", auth::secret_proof(Secret("p")));
    for (int i = 0; i < 4; ++i)
        server.expect_post(token_path).fail(Error(ErrorKind::Unavailable, "No name."));
    auto error = failure(credential);
    CHECK(error.kind() == ErrorKind::Unavailable);
    CHECK(error.message() == "Cannot reach the sign-in service. No name.");
    server.expect_post(token_path).reply_text(503).any_times();
    CHECK(failure(credential).kind() == ErrorKind::Unavailable);
}

TEST_CASE_FIXTURE(AuthFixture,
                  "an answer that is not a token endpoint's is not taken for a token") {
    auth::ServicePrincipalCredential credential(
        endpoint(), "t1", "c1", auth::secret_proof(Secret("p")));
    for (const auto* body : {"<html>", "{}", "[]", R"({"access_token":3})"}) {
        server.expect_post(token_path).reply_text(200, body);
        CHECK(failure(credential).kind() == ErrorKind::AzureFailed);
    }
    server.expect_post(token_path).reply_text(404, "{}");
    CHECK(failure(credential).kind() == ErrorKind::AzureFailed);
}

namespace {

struct DeviceFixture : AuthFixture {
    std::vector<auth::DeviceCode> shown;
    std::stop_source give_up{std::nostopstate};
    auth::DeviceCodeCredential credential{
        endpoint(), clock, "t1", "c1", [this](auth::DeviceCode code, std::stop_source stop) {
            shown.push_back(std::move(code));
            give_up = std::move(stop);
        }};

    void expect_code() {
        server.expect_post(device_path)
            .with_body("client_id=c1&scope=s%2F.default%20offline_access%20openid%20profile")
            .reply_fixture(200, "azure/device_code.json");
    }

    test::ExpectedCall& expect_poll() {
        return server.expect_post(token_path)
            .with_body(
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id=c1&"
                "device_code=GAQ-1");
    }
};

nlohmann::json grant(const std::string& token, const std::string& refresh_token) {
    return {{"token_type", "Bearer"},
            {"expires_in", 3600},
            {"access_token", token},
            {"refresh_token", refresh_token}};
}

}  // namespace

TEST_CASE_FIXTURE(DeviceFixture,
                  "a device code is shown, polled at the authority's pace, and exchanged") {
    expect_code();
    expect_poll().reply(400, {{"error", "authorization_pending"}});
    expect_poll().reply(400, {{"error", "slow_down"}});
    expect_poll().reply(200, grant("a1", "r1"));
    CHECK(token(credential).value == Secret("a1"));
    REQUIRE(shown.size() == 1);
    CHECK(shown[0].user_code == "ABCD1234");
    CHECK(shown[0].verification_uri == "https://microsoft.com/devicelogin");
    CHECK(shown[0].message.starts_with("To sign in"));
    CHECK(shown[0].expires_at == test::new_year() + std::chrono::seconds(900));
    using std::chrono::milliseconds;
    CHECK(clock.sleeps() ==
          std::vector<milliseconds>{milliseconds(5000), milliseconds(5000), milliseconds(10000)});
}

TEST_CASE_FIXTURE(DeviceFixture, "the refresh token spares the user the next codes") {
    expect_code();
    expect_poll().reply(200, grant("a1", "r1"));
    token(credential);
    server.expect_post(token_path)
        .with_body(
            "grant_type=refresh_token&client_id=c1&refresh_token=r1&scope=other%20offline_access%"
            "20openid%20profile")
        .reply(200, grant("a2", "r2"));
    CHECK(token(credential, {"other"}).value == Secret("a2"));
    CHECK(shown.size() == 1);
    server.expect_post(token_path).reply(400, {{"error", "invalid_grant"}});
    expect_code();
    expect_poll().reply(200, grant("a3", "r3"));
    CHECK(token(credential).value == Secret("a3"));
    credential.sign_out();
    expect_code();
    expect_poll().reply(400, {{"error", "authorization_declined"}});
    CHECK(failure(credential).message() == "The sign-in was declined in the browser.");
}

namespace {

struct StoredFixture : AuthFixture {
    auth::SecretStore store() {
        auth::SecretStore secrets;
        secrets.read = [this](std::string key, std::stop_token) { return read(std::move(key)); };
        secrets.keep = [this](std::string key, Secret value) { kept[key] = std::move(value); };
        return secrets;
    }

    asio::awaitable<Secret> read(std::string key) {
        ++reads;
        co_return kept[key];
    }

    auth::DeviceCodeCredential credential() {
        return {endpoint(), clock, "t1", "c1", show, store()};
    }

    auth::ShowDeviceCode show = [](const auth::DeviceCode&, const std::stop_source&) {
        throw Error(ErrorKind::NotSignedIn, "nobody looks");
    };
    std::map<std::string, Secret> kept;
    int reads = 0;
};

}  // namespace

TEST_CASE_FIXTURE(StoredFixture, "a refresh token outlives the program in the secret store") {
    show = [](const auth::DeviceCode&, const std::stop_source&) {};
    auto first = credential();
    server.expect_post(device_path).reply_fixture(200, "azure/device_code.json");
    server.expect_post(token_path).reply(200, grant("a1", "r1"));
    token(first);
    REQUIRE(kept.size() == 1);
    CHECK(kept.begin()->first == "refreshTokens https://login.example");
    CHECK(kept.begin()->second == Secret(R"({"t1":"r1"})"));

    auto second = credential();
    server.expect_post(token_path)
        .with_body(
            "grant_type=refresh_token&client_id=c1&refresh_token=r1&scope=s%2F.default%20offline_"
            "access%20openid%20profile")
        .reply(200, grant("a2", "r2"));
    CHECK(token(second).value == Secret("a2"));
    CHECK(kept.begin()->second == Secret(R"({"t1":"r2"})"));
    CHECK(reads == 2);

    second.sign_out();
    CHECK(kept.begin()->second.empty());
}

TEST_CASE_FIXTURE(StoredFixture,
                  "when nobody can be asked, the reason is why the kept sign-in does not do") {
    kept["refreshTokens https://login.example"] = Secret(R"({"t1":"r1"})");
    auto signed_in = credential();
    refuse(token_path, "interaction_required", "AADSTS50076: a second factor");
    server.expect_post(device_path).reply_fixture(200, "azure/device_code.json");
    CHECK(failure(signed_in).message().find("Your organisation asks for a second factor") == 0);
}

TEST_CASE_FIXTURE(DeviceFixture, "a code that nobody enters expires") {
    expect_code();
    server.expect_post(token_path).reply(400, {{"error", "authorization_pending"}}).any_times();
    const auto error = failure(credential);
    CHECK(error.kind() == ErrorKind::NotSignedIn);
    CHECK(error.message() == "The code has expired; start the sign-in again.");
    CHECK(clock.now() == test::new_year() + std::chrono::seconds(900));
}

TEST_CASE("the user can give up where the code is shown") {
    asio::io_context loop(1);
    test::FakeClock clock;
    test::SeededRandom random;
    test::ScriptedHttp server;
    const auto pipeline =
        http::make_anonymous_pipeline(http::PipelineParts{server, clock, random, Log(), "aml", {}});
    std::stop_source give_up(std::nostopstate);
    auto show = [&](auth::DeviceCode, std::stop_source stop) { give_up = stop; };
    auth::DeviceCodeCredential credential(
        {pipeline, clock, "https://login.example"}, clock, "t1", "c1", show);
    server.expect_post(device_path).reply_fixture(200, "azure/device_code.json");
    std::optional<ErrorKind> kind;
    auto sign_in = [&]() -> asio::awaitable<void> {
        try {
            http::TokenRequest request;
            co_await credential.token(std::move(request), {});
        } catch (const Error& error) {
            kind = error.kind();
        }
    };
    async::TaskGroup group(loop.get_executor(), nullptr);
    group.spawn(sign_in());
    loop.poll();
    CHECK(clock.sleepers() == 1);
    give_up.request_stop();
    test::run(loop, group.join());
    CHECK(kind == ErrorKind::Cancelled);
}
