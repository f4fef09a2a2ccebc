#include "http/policies.hpp"

#include "http/base64.hpp"
#include "support/error.hpp"
#include "support/fake_clock.hpp"
#include "support/run.hpp"
#include "support/scripted_http.hpp"
#include "support/seeded_random.hpp"

#include <doctest/doctest.h>

using namespace aml;
using test::run;

namespace {

class FakeCredential final : public http::Credential {
public:
    asio::awaitable<http::AccessToken> token(http::TokenRequest request, std::stop_token) override {
        asked.push_back(request);
        if (failure) throw *failure;
        http::AccessToken token;
        token.value = Secret("token" + std::to_string(asked.size()));
        co_return token;
    }

    std::vector<http::TokenRequest> asked;
    std::optional<Error> failure;
};

class ListSink final : public LogSink {
public:
    void write(LogLevel, std::string_view, std::string_view message) override {
        lines.emplace_back(message);
    }

    std::vector<std::string> lines;
};

struct PolicyFixture {
    asio::io_context loop{1};
    test::FakeClock clock{test::FakeClock::Mode::Jump};
    test::SeededRandom random;
    test::ScriptedHttp server;
    FakeCredential credential;
    std::shared_ptr<ListSink> sink = std::make_shared<ListSink>();
    http::TrustedHosts trusted{{"https://management.azure.com"}, {"azureml.ms"}};

    http::Pipeline pipeline() {
        http::PipelineParts parts{server, clock, random, Log(sink, LogLevel::Debug), "aml/1.0", {}};
        return http::make_pipeline(std::move(parts), credential, trusted);
    }

    http::Response send(http::Request request) {
        const auto whole = pipeline();
        return run(loop, whole.send(std::move(request), {}));
    }
};

http::Request get(std::string url, std::string scope = "s/.default") {
    http::Request request;
    request.url = std::move(url);
    request.scope = std::move(scope);
    request.operation = LocalizedText("Things - Get");
    return request;
}

}  // namespace

TEST_CASE_FIXTURE(PolicyFixture, "every request carries an id, the user agent and a token") {
    server.expect_get("https://management.azure.com/x")
        .with_header("Authorization", "Bearer token1");
    CHECK(send(get("https://management.azure.com/x")).status == 200);
    const auto& sent = server.requests().front();
    CHECK(sent.headers.get("User-Agent") == "aml/1.0");
    CHECK(sent.headers.get("x-ms-client-request-id")->size() == 36);
    CHECK(credential.asked.front().scope == "s/.default");
}

TEST_CASE_FIXTURE(PolicyFixture,
                  "attempts of one call share its request id and get their own token") {
    server.expect_get("/x").reply_text(503);
    server.expect_get("/x").reply_text(200);
    send(get("https://management.azure.com/x"));
    const auto& sent = server.requests();
    CHECK(sent[0].headers.get("x-ms-client-request-id") ==
          sent[1].headers.get("x-ms-client-request-id"));
    CHECK(credential.asked.size() == 2);
}

TEST_CASE_FIXTURE(PolicyFixture, "a second token lets the service act for the user") {
    auto request = get("https://management.azure.com/x");
    request.user_scope = "u/.default";
    request.tenant = "t1";
    server.expect_get("/x")
        .with_header("Authorization", "Bearer token1")
        .with_header("x-azureml-token", "token2");
    send(std::move(request));
    CHECK(credential.asked.at(1).scope == "u/.default");
    CHECK(credential.asked.at(1).tenant == "t1");
    for (const auto& line : sink->lines) CHECK(line.find("token2") == std::string::npos);
}

TEST_CASE_FIXTURE(PolicyFixture, "a request without scope gets no token") {
    server.expect_get("/c/b?sig=x");
    send(get("https://sa1.blob.core.windows.net/c/b?sig=x", ""));
    CHECK_FALSE(server.requests().front().headers.contains("Authorization"));
    CHECK(credential.asked.empty());
}

TEST_CASE_FIXTURE(PolicyFixture, "a challenge renews the token once, with its claims") {
    const auto claims = http::base64_encode(R"({"access_token":{}})");
    const http::Headers challenge{
        {"WWW-Authenticate",
         "Bearer realm=\"\", error=\"insufficient_claims\", claims=\"" + claims + "\""}};
    server.expect_get("/x").reply_text(401, "", challenge);
    server.expect_get("/x")
        .with_header("Authorization", "Bearer token2")
        .reply_text(401, "", challenge);
    CHECK(send(get("https://management.azure.com/x")).status == 401);
    REQUIRE(credential.asked.size() == 2);
    CHECK(credential.asked[0].refused.empty());
    CHECK_FALSE(credential.asked[1].refused.empty());
    CHECK(credential.asked[1].claims == claims);
}

TEST_CASE_FIXTURE(PolicyFixture,
                  "a token of the wrong tenant is followed by one of the right tenant") {
    const http::Headers challenge{
        {"WWW-Authenticate",
         "Bearer authorization_uri=\"https://login.example/0af76519-0000-4000-8000-1c80319c0000\", "
         "error=\"invalid_token\""}};
    const nlohmann::json wrong{{"error", {{"code", "InvalidAuthenticationTokenTenant"}}}};
    server.expect_get("/x").reply(401, wrong, challenge);
    server.expect_get("/x").with_header("Authorization", "Bearer token2").reply_text(200);
    const auto response = send(get("https://management.azure.com/x"));
    CHECK(response.status == 200);
    CHECK(response.tenant == "0af76519-0000-4000-8000-1c80319c0000");
    REQUIRE(credential.asked.size() == 2);
    CHECK(credential.asked[0].tenant.empty());
    CHECK(credential.asked[1].tenant == "0af76519-0000-4000-8000-1c80319c0000");
}

TEST_CASE_FIXTURE(PolicyFixture, "the machine's own identity service is asked without encryption") {
    server.expect_get("http://169.254.169.254/metadata").reply_text(200);
    CHECK(send(get("http://169.254.169.254/metadata", "")).status == 200);
    CHECK_THROWS_AS(send(get("http://169.254.169.254/metadata")), Error);
    CHECK_THROWS_AS(send(get("http://169.254.169.254.example/metadata", "")), Error);
}

TEST_CASE_FIXTURE(PolicyFixture, "a 401 without a challenge is an answer") {
    server.expect_get("/x").reply_text(401);
    CHECK(send(get("https://management.azure.com/x")).status == 401);
    CHECK(credential.asked.size() == 1);
}

TEST_CASE_FIXTURE(PolicyFixture, "tokens go to the cloud's hosts only") {
    for (const auto* url : {"https://evil.com/",
                            "https://management.azure.com.evil.com/",
                            "https://xazureml.ms/",
                            "https://management.azure.com:444/",
                            "http://127.0.0.1/"}) {
        CHECK_THROWS_WITH_AS(
            send(get(url)), doctest::Contains("Refusing to send a sign-in token"), Error);
    }
    CHECK(server.requests().empty());
    server.expect_get("https://eastus2.api.azureml.ms/x");
    CHECK(send(get("https://eastus2.api.azureml.ms/x")).status == 200);
    trusted.loopback = true;
    server.expect_get("http://127.0.0.1:8080/x");
    CHECK(send(get("http://127.0.0.1:8080/x")).status == 200);
}

TEST_CASE_FIXTURE(PolicyFixture, "plain http is refused except on this machine") {
    CHECK_THROWS_WITH_AS(send(get("http://management.azure.com/x", "")),
                         doctest::Contains("without encryption"),
                         Error);
    CHECK_THROWS_WITH_AS(
        send(get("/x", "")), doctest::Contains("is not an http(s) address"), Error);
    CHECK(server.requests().empty());
}

TEST_CASE_FIXTURE(PolicyFixture, "the log tells the story and keeps the secrets") {
    server.expect_get("/c/b?comp=list&sig=SECRET")
        .reply(200,
               {{"sasToken", "SECRET"}, {"name", "n1"}},
               {{"x-ms-request-id", "r1"}, {"Set-Cookie", "SECRET"}});
    send(get("https://eastus2.api.azureml.ms/c/b?comp=list&sig=SECRET"));
    std::string all;
    for (const auto& line : sink->lines) all += line + '\n';
    CHECK(all.find("200 GET https://eastus2.api.azureml.ms/c/b?comp=list&sig=***") !=
          std::string::npos);
    CHECK(all.find("Things - Get") != std::string::npos);
    CHECK(all.find("service-request=r1") != std::string::npos);
    CHECK(all.find("n1") != std::string::npos);
    CHECK(all.find("SECRET") == std::string::npos);
    CHECK(all.find("token1") == std::string::npos);
}

TEST_CASE_FIXTURE(PolicyFixture, "a failing credential ends the call with its own error") {
    credential.failure = Error(ErrorKind::NotSignedIn, "Sign in first.");
    CHECK_THROWS_WITH_AS(send(get("https://management.azure.com/x")), "Sign in first.", Error);
    CHECK(credential.asked.size() == 1);
}
