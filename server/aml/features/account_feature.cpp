#include "features/account_feature.hpp"

#include "features/azure_session.hpp"

#include <utility>

namespace aml::features {

AccountFeature::AccountFeature(Services& services, AuthFeature& auth)
    : services_(services),
      auth_(auth) {}

void AccountFeature::bind(rpc::Router& router, CommandsFeature& commands) {
    router.notification<protocol::AuthDidChangeAccounts>(this,
                                                         &AccountFeature::did_change_accounts);
    commands.add("azureml.signIn", [this](CommandCall call) { return sign_in(std::move(call)); });
    commands.add("azureml.signOut", [this](CommandCall call) { return sign_out(std::move(call)); });
}

asio::awaitable<void> AccountFeature::require_sign_in(std::stop_token stop) {
    if (auth_.status().state == protocol::AuthState::SignedIn) co_return;
    co_await enter(std::move(stop));
}

asio::awaitable<protocol::Json> AccountFeature::sign_in(CommandCall call) {
    const auto session = services_.session();
    const auto tenant = tree::parse_tenant_row(call.optional_text().value_or(std::string()));
    const auto now = auth_.status();
    if (tenant) {
        co_await auth_.sign_in_to(*tenant, call.stop());
    } else if (now.state == protocol::AuthState::SignedIn &&
               now.method == protocol::AuthMethod::Editor) {
        co_await auth_.add_account(call.stop());
    } else {
        co_await enter(call.stop());
        co_return protocol::encode(auth_.status());
    }
    session->catalog.forget_subscriptions();
    session->tree.refresh_top();
    co_return protocol::encode(auth_.status());
}

asio::awaitable<protocol::Json> AccountFeature::sign_out(CommandCall) {
    leave();
    co_return protocol::encode(auth_.status());
}

asio::awaitable<void> AccountFeature::enter(std::stop_token stop) {
    const auto session = services_.session();
    co_await auth_.sign_in(std::move(stop));
    session->watcher.resume();
    session->tree.resume();
}

void AccountFeature::leave() {
    const auto session = services_.session();
    session->watcher.pause();
    session->catalog.clear();
    auth_.sign_out();
    session->tree.sign_out();
}

void AccountFeature::did_change_accounts(protocol::NoParams) {
    services_.tasks.spawn(leave_with_account());
}

asio::awaitable<void> AccountFeature::leave_with_account() {
    const bool lost = co_await auth_.has_lost_account(services_.tasks.stop_token());
    if (lost) leave();
}

}  // namespace aml::features
