#pragma once

#include "async/task_group.hpp"
#include "auth/account.hpp"
#include "auth/credentials.hpp"
#include "auth/method.hpp"
#include "auth/settings.hpp"
#include "auth/token_cache.hpp"
#include "http/cloud.hpp"
#include "http/credential.hpp"
#include "http/pipeline.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::auth {

/// The signed-in identity: chooses the credential on first use, caches tokens, knows the account.
/// Once one method of `Auto` has worked it is kept until `sign_out`.
class Session final : public http::Credential {
public:
    /// Keeps references; they must outlive this object.
    Session(const http::Pipeline& anonymous,
            async::Clock& clock,
            async::TaskGroup& group,
            http::Cloud cloud,
            SignInSettings settings,
            SignInTools tools);
    ~Session() override;

    /// Signs in if nobody ever did. Throws: NotSignedIn whose message names each method that was
    /// skipped and why, or the one that failed, or says that the user has signed out.
    asio::awaitable<http::AccessToken> token(http::TokenRequest request,
                                             std::stop_token stop) override;

    /// The user asks: fetches a token for ARM, so that the account is known, and tries anew what
    /// has just failed. Throws: as `token`.
    asio::awaitable<Account> sign_in(std::stop_token stop);

    /// Signs in to one tenant, e.g. because it asks for a proof of its own. Throws: as `token`.
    asio::awaitable<void> sign_in_to(std::string tenant, std::string account, std::stop_token stop);

    /// Lets the user choose another of the editor's accounts, or sign in with a new one. Throws: as
    /// `token`.
    asio::awaitable<void> add_account(std::stop_token stop);

    /// Whoever is signed in: several with the editor's sessions, else one without an id. Fetches a
    /// token first if there is none. Throws: as `token`.
    asio::awaitable<std::vector<AccountReference>> accounts(std::stop_token stop);

    /// The tenant of the tokens that an account gets when none is named; empty when the token does
    /// not say. Throws: as `token`.
    asio::awaitable<std::string> usual_tenant(std::string account, std::stop_token stop);

    /// The tenant that was configured; empty when the account decides.
    const std::string& configured_tenant() const { return tenant_; }

    /// Forgets tokens, account and the method in use. Nothing but `sign_in` and `sign_in_to` signs
    /// in again: what was under way, such as a tree being listed, asks for more tokens and gets
    /// none.
    void sign_out();

    /// Of the last token; empty before the first one.
    const std::optional<Account>& account() const { return account_; }

    /// The method in use; empty before the first token.
    std::optional<Method> method() const;

    /// One sentence for each method that `Auto` skipped before it found one that works, or
    /// since it last found none.
    const std::vector<std::string>& skipped() const;

    /// Called on the loop when account or method changed.
    void on_change(std::function<void()> handler) { on_change_ = std::move(handler); }

private:
    asio::awaitable<Account> known_account(std::stop_token stop);
    void note(const http::AccessToken& token);

    http::Cloud cloud_;
    std::string tenant_;
    ListAccounts list_accounts_;
    CredentialChain chain_;
    TokenCache cache_;
    std::optional<Account> account_;
    std::optional<Method> reported_;
    int sign_outs_ = 0;
    /// The user wants nobody to be signed in.
    bool signed_out_ = false;
    std::function<void()> on_change_;
};

}  // namespace aml::auth
