#pragma once

#include "auth/token_endpoint.hpp"
#include "http/credential.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <variant>

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

/// A place for secrets that outlives the program and is not a file of ours, such as the editor's
/// secret storage.
struct SecretStore {
    /// What was kept under `key`; empty when nothing was. Throws: Cancelled; anything else counts
    /// as nothing.
    std::function<asio::awaitable<Secret>(std::string key, std::stop_token stop)> read{};
    /// Keeps `value`, or forgets it when it is empty. Returns at once.
    std::function<void(std::string key, Secret value)> keep{};

    explicit operator bool() const { return static_cast<bool>(read); }
};

/// Sign-in in any browser with a code (OAuth 2.0 device authorization grant, RFC 8628). Refresh
/// tokens are kept in memory and, where there is one, in a secret store; otherwise the code is
/// needed once for each run of the program.
class DeviceCodeCredential final : public http::Credential {
public:
    /// Keeps `clock` by reference. `client_id`: the public client to sign in as.
    DeviceCodeCredential(TokenEndpoint endpoint,
                         async::Clock& clock,
                         std::string tenant,
                         std::string client_id,
                         ShowDeviceCode show,
                         SecretStore store = {});

    /// Throws: NotSignedIn (declined, expired, refused; when nobody can be shown a code, why the
    /// earlier sign-in does not do), Cancelled (`stop`, or the user gave up).
    asio::awaitable<http::AccessToken> token(http::TokenRequest request,
                                             std::stop_token stop) override;

    /// Forgets the refresh tokens, in the store too.
    void sign_out();

private:
    /// A token, or why there is none: no refresh token, or none that still works.
    using Refreshed = std::variant<http::AccessToken, std::optional<OauthError>>;

    asio::awaitable<void> recall(std::stop_token stop);
    asio::awaitable<Refreshed> refresh(std::string tenant,
                                       http::TokenRequest request,
                                       std::stop_token stop);
    std::string store_key() const;
    void save() const;
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
    SecretStore store_;
    // What the store holds is known.
    bool recalled_ = false;
    // By tenant.
    std::map<std::string, Secret> refresh_tokens_;
};

/// The public client of Azure's own command line, which every tenant knows.
std::string default_public_client();

}  // namespace aml::auth
