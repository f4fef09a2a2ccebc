#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "support/secret.hpp"

#include <optional>
#include <stop_token>
#include <string>

namespace aml::http {

/// A bearer token and its lifetime.
struct AccessToken {
    Secret value{};
    async::Clock::TimePoint expires_at{};
    /// When the issuer suggests a new one (`refresh_in`).
    std::optional<async::Clock::TimePoint> refresh_at{};
};

/// What the token must be good for.
struct TokenRequest {
    /// e.g. "https://management.azure.com/.default".
    std::string scope{};
    /// Empty: the credential's own tenant.
    std::string tenant{};
    /// Claims challenge of a 401 as the service writes it, in Base64 (continuous access
    /// evaluation); usually empty.
    std::string claims{};
    /// The token that the service has just refused; a cache must not answer with it again.
    Secret refused{};
    /// Which of the user's accounts, as `auth::AccountReference::id`; empty: the usual one.
    std::string account{};

    bool operator==(const TokenRequest&) const = default;
};

/// Gives bearer tokens.
class Credential {
public:
    virtual ~Credential() = default;
    /// Throws: NotSignedIn (with the remedy), Unavailable, TimedOut; Cancelled when `stop` fires
    /// first.
    virtual asio::awaitable<AccessToken> token(TokenRequest request, std::stop_token stop) = 0;
};

}  // namespace aml::http
