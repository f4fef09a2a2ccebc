#include "core/time.hpp"
#include "web/authentication.hpp"

#include <doctest/doctest.h>

namespace aml::emulator::tokens_test {

namespace {

const auto token_time = from_millis(1767254655000);
const Caller caller{"tenant-1", "object-1", "Demo User", "User"};

struct Fixture {
    Store store{":memory:"};
    Tenants tenants{store};
    TokenService tokens{store};
    Authentication authentication{store, tenants, tokens, "tenant-1"};

    /// The error code of the 401, or "" when the token is let through.
    std::string refusal(const std::string& authorization,
                        Surface surface = Surface::Arm,
                        Time at = token_time) const {
        Request request;
        request.base_url = "http://127.0.0.1:1";
        request.received = at;
        if (!authorization.empty()) request.headers.set("Authorization", authorization);
        try {
            authentication.authenticate(request, surface, at);
        } catch (const Refused& refused) {
            const auto& reply = refused.reply();
            CHECK(reply.status == 401);
            CHECK(reply.headers.get("WWW-Authenticate")
                      .find("authorization_uri=\"http://127.0.0.1:1/tenant-1\"") !=
                  std::string::npos);
            const auto body = json::parse(std::get<std::string>(reply.body));
            if (surface == Surface::DataPlane) return body["error"]["innerError"]["code"];
            return body["error"]["code"];
        }
        return "";
    }

    std::string token(const char* audience) const {
        return "Bearer " + tokens.issue(caller, audience, "app", token_time, std::chrono::hours(1));
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a token says who called") {
    Request request;
    request.headers.set("Authorization", token("https://management.azure.com/"));
    const auto known = authentication.authenticate(request, Surface::Arm, token_time);
    CHECK(known.name == "Demo User");
    CHECK(known.object_id == "object-1");
    CHECK(known.type == "User");
}

TEST_CASE_FIXTURE(Fixture, "missing, garbled, foreign and forged tokens are told apart") {
    CHECK(refusal("") == "AuthenticationFailed");
    CHECK(refusal("Basic abc") == "AuthenticationFailed");
    CHECK(refusal("Bearer garbage") == "InvalidAuthenticationToken");
    CHECK(refusal("Bearer a.b.c") == "InvalidAuthenticationToken");
    const auto good = token("https://management.azure.com");
    CHECK(refusal(good.substr(0, good.size() - 8) + "AAAAAAAA") == "InvalidAuthenticationToken");
    Store other_store(":memory:");
    const TokenService other(other_store);
    CHECK(refusal("Bearer " + other.issue(caller,
                                          "https://management.azure.com",
                                          "app",
                                          token_time,
                                          std::chrono::hours(1))) == "InvalidAuthenticationToken");
    const Caller stranger{"tenant-2", "o", "n", "User"};
    CHECK(refusal("Bearer " + tokens.issue(stranger,
                                           "https://management.azure.com",
                                           "app",
                                           token_time,
                                           std::chrono::hours(1))) ==
          "InvalidAuthenticationTokenTenant");
}

TEST_CASE_FIXTURE(Fixture, "an expired token is told from an invalid one") {
    const auto good = token("https://management.azure.com");
    CHECK(refusal(good, Surface::Arm, token_time + std::chrono::minutes(59)).empty());
    CHECK(refusal(good, Surface::Arm, token_time + std::chrono::hours(1)) ==
          "ExpiredAuthenticationToken");
}

TEST_CASE_FIXTURE(Fixture, "each surface takes its audiences") {
    CHECK(refusal(token("http://127.0.0.1:9/")).empty());
    CHECK(refusal(token("https://ml.azure.com")) == "InvalidAuthenticationTokenAudience");
    CHECK(refusal(token("https://ml.azure.com"), Surface::DataPlane).empty());
    CHECK(refusal(token("https://management.azure.com"), Surface::DataPlane).empty());
    CHECK(refusal(token("https://storage.azure.com"), Surface::Blob).empty());
    CHECK(refusal(token("https://storage.azure.com"), Surface::DataPlane) ==
          "InvalidAuthenticationTokenAudience");
    const auto run_token = "Bearer " + tokens.issue_run_token(caller, "run-1", token_time);
    CHECK(refusal(run_token, Surface::DataPlane).empty());
    CHECK(refusal(run_token) == "InvalidAuthenticationTokenAudience");
}

TEST_CASE_FIXTURE(Fixture, "the key is kept with the state") {
    const auto signed_before = tokens.sign({{"a", 1}});
    const TokenService again(store);
    CHECK(again.read(signed_before).has_value());
    CHECK(again.key_set() == tokens.key_set());
    CHECK(again.key_set()["keys"][0]["kty"] == "RSA");
}

}  // namespace aml::emulator::tokens_test
