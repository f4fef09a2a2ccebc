#pragma once

#include "http/credential.hpp"

#include <functional>
#include <string>

namespace aml::auth {

/// Asks the editor for a token of its own Microsoft session.
/// Throws: NotSignedIn when the user has none and did not start one.
using AskEditor =
    std::function<asio::awaitable<http::AccessToken>(http::TokenRequest, std::stop_token)>;

/// The editor's Microsoft session, through the `auth/getToken` request.
class EditorCredential final : public http::Credential {
public:
    explicit EditorCredential(AskEditor ask)
        : ask_(std::move(ask)) {}

    asio::awaitable<http::AccessToken> token(http::TokenRequest request,
                                             std::stop_token stop) override;

private:
    AskEditor ask_;
};

}  // namespace aml::auth
