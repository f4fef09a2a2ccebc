#pragma once

#include "http/credential.hpp"

#include <functional>
#include <string>
#include <vector>

namespace aml::auth {

/// One of the accounts that somebody is signed in with.
struct AccountReference {
    /// The editor's own id; empty: the only or usual one.
    std::string id{};
    /// Sign-in name.
    std::string name{};

    bool operator==(const AccountReference&) const = default;
};

/// As the account of a token request: one that the user is to choose now.
inline constexpr const char* another_account = "+";

/// Asks the editor for a token of its own Microsoft session.
/// Throws: NotSignedIn when the user has none and did not start one.
using AskEditor =
    std::function<asio::awaitable<http::AccessToken>(http::TokenRequest, std::stop_token)>;

/// The accounts of the editor's Microsoft sessions that it lends; may be empty.
using ListAccounts = std::function<asio::awaitable<std::vector<AccountReference>>(std::stop_token)>;

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
