#pragma once

#include "async/clock.hpp"
#include "http/cloud.hpp"
#include "http/credential.hpp"
#include "http/pipeline.hpp"
#include "support/error.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace aml::auth {

/// Form fields of a token request.
using Form = std::vector<std::pair<std::string, Secret>>;

/// Adds the claims that the token has to prove, if there are any.
void add_claims(Form& form, const http::TokenRequest& request);

/// A token with what came along.
struct Grant {
    http::AccessToken token{};
    /// Empty when none was given.
    Secret refresh_token{};
};

/// An OAuth 2.0 error answer.
struct OauthError {
    /// e.g. "authorization_pending".
    std::string error{};
    std::string description{};
    /// What the user has to prove in another sign-in, as JSON; usually empty.
    std::string claims{};
    /// The first AADSTS number, e.g. 7000222; 0 when there is none.
    int aadsts = 0;
};

/// Speaks to `{authority}/{tenant}/oauth2/v2.0/…` without putting anything secret into logs.
class TokenEndpoint final {
public:
    /// Keeps references.
    TokenEndpoint(const http::Pipeline& anonymous, async::Clock& clock, std::string authority);

    const std::string& authority() const { return authority_; }

    /// Where tokens of a tenant are given out; also the audience of assertions.
    std::string token_url(const std::string& tenant) const;

    /// POST to `token`: the grant, or the endpoint's refusal as a value.
    /// Throws: Unavailable, TimedOut (authority unreachable); AzureFailed (not an answer of a token
    /// endpoint).
    asio::awaitable<std::variant<Grant, OauthError>> request_token(std::string tenant,
                                                                   Form form,
                                                                   std::stop_token stop) const;

    /// POST to `devicecode`; the JSON answer, or the refusal.
    asio::awaitable<std::variant<nlohmann::json, OauthError>> request_device_code(
        std::string tenant, Form form, std::stop_token stop) const;

private:
    asio::awaitable<std::variant<nlohmann::json, OauthError>> post(std::string url,
                                                                   Form form,
                                                                   std::stop_token stop) const;

    const http::Pipeline& anonymous_;
    async::Clock& clock_;
    std::string authority_;
};

/// The refusal as an error: a plain sentence with the remedy for the known AADSTS codes.
/// Source: Microsoft Entra authentication and authorization error codes.
Error error_of(const OauthError& error);

}  // namespace aml::auth
