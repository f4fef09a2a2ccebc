#pragma once

#include "auth/token_endpoint.hpp"
#include "http/credential.hpp"

#include <string>

namespace aml::auth {

/// A service principal with a secret (OAuth 2.0 client credentials).
class ClientSecretCredential final : public http::Credential {
public:
    ClientSecretCredential(TokenEndpoint endpoint,
                           std::string tenant,
                           std::string client_id,
                           Secret secret);

    /// Ignores `request.tenant` unless it names another tenant, for which the same application is
    /// tried.
    asio::awaitable<http::AccessToken> token(http::TokenRequest request,
                                             std::stop_token stop) override;

private:
    TokenEndpoint endpoint_;
    std::string tenant_;
    std::string client_id_;
    Secret secret_;
};

}  // namespace aml::auth
