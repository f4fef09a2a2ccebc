#pragma once

#include "auth/token_endpoint.hpp"
#include "http/credential.hpp"

#include <functional>
#include <stop_token>
#include <string>

namespace aml::auth {

/// Form fields that prove to the token endpoint at `audience` that the caller is the application
/// `client_id`.
using MakeProof = std::function<asio::awaitable<Form>(
    std::string client_id, std::string audience, std::stop_token stop)>;

/// A service principal (OAuth 2.0 client credentials): with a secret, or with an assertion signed
/// by a certificate or given by another issuer (RFC 7523).
class ServicePrincipalCredential final : public http::Credential {
public:
    ServicePrincipalCredential(TokenEndpoint endpoint,
                               std::string tenant,
                               std::string client_id,
                               MakeProof proof);

    /// `request.tenant` names another tenant in which the same application is tried. Throws: as
    /// Credential, and what the proof throws.
    asio::awaitable<http::AccessToken> token(http::TokenRequest request,
                                             std::stop_token stop) override;

private:
    TokenEndpoint endpoint_;
    std::string tenant_;
    std::string client_id_;
    MakeProof proof_;
};

/// The secret itself.
MakeProof secret_proof(Secret secret);

/// An assertion signed with the key of a PEM or PKCS#12 file, which is read each time: a renewed
/// certificate needs no restart. Keeps references. Throws later: NotSignedIn naming the file and
/// what is wrong with it. Source: Microsoft identity platform application authentication
/// certificate credentials (PS256, x5t#S256).
MakeProof certificate_proof(asio::thread_pool& pool,
                            async::Clock& clock,
                            std::string file,
                            Secret password,
                            bool send_chain);

/// The token in a file that something else keeps fresh (Kubernetes, GitHub), read each time.
/// Source: Microsoft Entra workload identity federation.
MakeProof federated_proof(asio::thread_pool& pool, std::string file);

}  // namespace aml::auth
