#include "auth/session.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"

#include <utility>

namespace aml::auth {

Session::Session(const http::Pipeline& anonymous,
                 async::Clock& clock,
                 async::TaskGroup& group,
                 http::Cloud cloud,
                 SignInSettings settings,
                 SignInTools tools)
    : cloud_(std::move(cloud)),
      tenant_(settings.tenant),
      list_accounts_(tools.list_accounts),
      chain_(
          make_credentials(CredentialParts{anonymous, clock, cloud_}, settings, std::move(tools)),
          settings.method),
      cache_(chain_, clock, group) {}

Session::~Session() = default;

asio::awaitable<http::AccessToken> Session::token(http::TokenRequest request,
                                                  std::stop_token stop) {
    if (signed_out_)
        throw Error(ErrorKind::NotSignedIn,
                    localize("You are signed out of Azure; sign in again."));
    const auto before = sign_outs_;
    auto token = co_await cache_.token(std::move(request), std::move(stop));
    // A token that arrives after the user signed out does not sign them in again.
    if (before == sign_outs_) note(token);
    co_return token;
}

asio::awaitable<Account> Session::sign_in(std::stop_token stop) {
    signed_out_ = false;
    chain_.ask_again();
    auto account = co_await known_account(std::move(stop));
    co_return account;
}

asio::awaitable<Account> Session::known_account(std::stop_token stop) {
    http::TokenRequest request;
    request.scope = cloud_.arm_scope;
    co_await token(std::move(request), std::move(stop));
    co_return account_.value_or(Account{});
}

asio::awaitable<void> Session::sign_in_to(std::string tenant,
                                          std::string account,
                                          std::stop_token stop) {
    signed_out_ = false;
    chain_.ask_again();
    http::TokenRequest request;
    request.scope = cloud_.arm_scope;
    request.tenant = std::move(tenant);
    request.account = std::move(account);
    co_await token(std::move(request), std::move(stop));
}

asio::awaitable<void> Session::add_account(std::stop_token stop) {
    http::TokenRequest request;
    request.scope = cloud_.arm_scope;
    request.account = another_account;
    // Not through the cache: each time is another account.
    co_await chain_.token(std::move(request), std::move(stop));
    if (on_change_) on_change_();
}

asio::awaitable<std::vector<AccountReference>> Session::accounts(std::stop_token stop) {
    const auto own = co_await known_account(stop);
    std::vector<AccountReference> all;
    if (method() == Method::Editor && list_accounts_) {
        auto listing = list_accounts_(std::move(stop));
        all = co_await std::move(listing);
    }
    if (all.empty()) all.push_back({.id = {}, .name = own.name});
    co_return all;
}

asio::awaitable<std::string> Session::usual_tenant(std::string account, std::stop_token stop) {
    http::TokenRequest request;
    request.scope = cloud_.arm_scope;
    request.account = std::move(account);
    const auto usual = co_await token(std::move(request), std::move(stop));
    auto holder = account_of(usual.value);
    co_return holder ? std::move(holder->tenant) : std::string();
}

void Session::sign_out() {
    ++sign_outs_;
    signed_out_ = true;
    chain_.sign_out();
    cache_.clear();
    account_.reset();
    reported_.reset();
    if (on_change_) on_change_();
}

std::optional<Method> Session::method() const {
    return chain_.chosen();
}

const std::vector<std::string>& Session::skipped() const {
    return chain_.skipped();
}

void Session::note(const http::AccessToken& token) {
    auto account = account_of(token.value);
    // Tokens for guest tenants name the same person; the first one stays.
    if (!account || (account_ && reported_ == method())) return;
    account_ = std::move(account);
    reported_ = method();
    if (on_change_) on_change_();
}

}  // namespace aml::auth
