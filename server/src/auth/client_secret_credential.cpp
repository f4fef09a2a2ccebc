#include "auth/client_secret_credential.hpp"

namespace aml::auth {

ClientSecretCredential::ClientSecretCredential(TokenEndpoint endpoint,
                                               std::string tenant,
                                               std::string client_id,
                                               Secret secret)
    : endpoint_(std::move(endpoint)),
      tenant_(std::move(tenant)),
      client_id_(std::move(client_id)),
      secret_(std::move(secret)) {}

asio::awaitable<http::AccessToken> ClientSecretCredential::token(http::TokenRequest request,
                                                                 std::stop_token stop) {
    Form form;
    form.emplace_back("grant_type", Secret("client_credentials"));
    form.emplace_back("client_id", Secret(client_id_));
    form.emplace_back("client_secret", secret_);
    form.emplace_back("scope", Secret(request.scope));
    if (!request.claims.empty()) form.emplace_back("claims", Secret(request.claims));
    const auto tenant = request.tenant.empty() ? tenant_ : request.tenant;
    const auto answer = co_await endpoint_.request_token(tenant, std::move(form), std::move(stop));
    if (const auto* refusal = std::get_if<OauthError>(&answer)) throw error_of(*refusal);
    co_return std::get<Grant>(answer).token;
}

}  // namespace aml::auth
