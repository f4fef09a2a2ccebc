#include "auth/editor_credential.hpp"

namespace aml::auth {

asio::awaitable<http::AccessToken> EditorCredential::token(http::TokenRequest request,
                                                           std::stop_token stop) {
    return ask_(std::move(request), std::move(stop));
}

}  // namespace aml::auth
