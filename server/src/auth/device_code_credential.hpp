#pragma once

#include "auth/token_endpoint.hpp"
#include "http/credential.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>

namespace aml::auth {

/// What the user has to be shown.
struct DeviceCode {
    std::string user_code{};
    std::string verification_uri{};
    /// Azure's own sentence, in the user's language.
    std::string message{};
    async::Clock::TimePoint expires_at{};
};

/// Shows the code and returns at once; the sign-in waits meanwhile. To let the user give up, call
/// `request_stop()` on the source given here; it is also stopped when the sign-in is over, however
/// it ended. May throw, which ends the sign-in.
using ShowDeviceCode = std::function<void(DeviceCode, std::stop_source)>;

/// Sign-in in any browser with a code (OAuth 2.0 device authorization grant, RFC 8628). The refresh
/// token is kept in memory only, so that the code is needed once for each run of the program.
class DeviceCodeCredential final : public http::Credential {
public:
    /// Keeps `clock` by reference. `client_id`: the public client to sign in as.
    DeviceCodeCredential(TokenEndpoint endpoint,
                         async::Clock& clock,
                         std::string tenant,
                         std::string client_id,
                         ShowDeviceCode show);

    /// Throws: NotSignedIn (declined, expired, refused), Cancelled (`stop`, or the user gave up).
    asio::awaitable<http::AccessToken> token(http::TokenRequest request,
                                             std::stop_token stop) override;

    /// Forgets the refresh tokens.
    void sign_out();

private:
    /// Empty when there is no refresh token, or none that still works.
    asio::awaitable<std::optional<http::AccessToken>> refresh(std::string tenant,
                                                              http::TokenRequest request,
                                                              std::stop_token stop);
    void keep(const std::string& tenant, const Grant& grant);
    asio::awaitable<Grant> sign_in(std::string tenant,
                                   http::TokenRequest request,
                                   std::stop_token stop);
    asio::awaitable<Grant> poll(std::string tenant,
                                Secret device_code,
                                std::chrono::milliseconds interval,
                                async::Clock::TimePoint expires_at,
                                std::stop_token stop);

    TokenEndpoint endpoint_;
    async::Clock& clock_;
    std::string tenant_;
    std::string client_id_;
    ShowDeviceCode show_;
    // By tenant.
    std::map<std::string, Secret> refresh_tokens_;
};

/// The public client of Azure's own command line, which every tenant knows.
std::string default_public_client();

}  // namespace aml::auth
