#pragma once

#include "async/task_group.hpp"
#include "auth/token_endpoint.hpp"
#include "http/base64.hpp"
#include "http/policies.hpp"
#include "support/error_of.hpp"
#include "support/fake_clock.hpp"
#include "support/run.hpp"
#include "support/scripted_http.hpp"
#include "support/seeded_random.hpp"

#include <string>

namespace aml::test {

inline constexpr auto token_path = "/t1/oauth2/v2.0/token";
inline constexpr auto device_path = "/t1/oauth2/v2.0/devicecode";

/// A JWT with these claims and a signature nobody checks.
inline std::string jwt(const nlohmann::json& claims) {
    return "eyJhbGciOiJub25lIn0." + http::base64_encode(claims.dump()) + ".c2ln";
}

/// An authority of scripted answers.
struct AuthFixture {
    asio::io_context loop{1};
    FakeClock clock{FakeClock::Mode::Jump};
    SeededRandom random;
    ScriptedHttp server;
    http::Pipeline pipeline =
        http::make_anonymous_pipeline(http::PipelineParts{server, clock, random, Log(), "aml", {}});

    auth::TokenEndpoint endpoint() { return {pipeline, clock, "https://login.example"}; }

    http::AccessToken token(http::Credential& credential,
                            http::TokenRequest request = {"s/.default"}) {
        return run(loop, credential.token(std::move(request), {}));
    }

    Error failure(http::Credential& credential, http::TokenRequest request = {"s/.default"}) {
        return error_of([&] { token(credential, std::move(request)); });
    }

    void refuse(const std::string& path,
                const std::string& error,
                const std::string& description = {}) {
        server.expect_post(path).reply(400, {{"error", error}, {"error_description", description}});
    }
};

}  // namespace aml::test
