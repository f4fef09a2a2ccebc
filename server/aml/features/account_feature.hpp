#pragma once

#include "features/auth_feature.hpp"
#include "features/commands_feature.hpp"
#include "features/services.hpp"
#include "rpc/router.hpp"

#include <stop_token>

namespace aml::features {

/// The commands `azureml.signIn` and `azureml.signOut`, and what they mean for everything that
/// shows Azure. `auth/didChangeAccounts` signs out when the editor has lost the account in use.
class AccountFeature final {
public:
    AccountFeature(Services& services, AuthFeature& auth);

    void bind(rpc::Router& router, CommandsFeature& commands);

    /// Signs in if nobody is. Throws: NotSignedIn (with the remedy), Unavailable, Cancelled.
    asio::awaitable<void> require_sign_in(std::stop_token stop);

private:
    /// With the row of a tenant, signs in to that tenant; whoever is signed in with the editor's
    /// session already may add an account.
    asio::awaitable<protocol::Json> sign_in(CommandCall call);
    asio::awaitable<protocol::Json> sign_out(CommandCall call);
    asio::awaitable<void> enter(std::stop_token stop);
    void leave();
    void did_change_accounts(protocol::NoParams params);
    asio::awaitable<void> leave_with_account();

    Services& services_;
    AuthFeature& auth_;
};

}  // namespace aml::features
