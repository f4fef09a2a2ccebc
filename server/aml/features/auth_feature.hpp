#pragma once

#include "auth/session.hpp"
#include "features/progress_feature.hpp"
#include "features/services.hpp"
#include "rpc/router.hpp"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::features {

/// Who is signed in: `auth/status`, `auth/didChange`, and what signing in needs of the editor: its
/// own Microsoft sessions (`auth/getToken`, `auth/accounts`), a device code, shown as a message
/// with a button, and its secret storage (`auth/readSecret`, `auth/storeSecret`).
class AuthFeature final {
public:
    /// While it lives, the user may be asked to sign in; hold one in every operation that the user
    /// started. Without one, only what needs no question is tried: showing a tree asks nobody.
    class [[nodiscard]] UserIsPresent final {
    public:
        explicit UserIsPresent(AuthFeature& feature)
            : feature_(feature) {
            ++feature_.present_;
        }

        UserIsPresent(const UserIsPresent&) = delete;
        UserIsPresent& operator=(const UserIsPresent&) = delete;

        ~UserIsPresent() { --feature_.present_; }

    private:
        AuthFeature& feature_;
    };

    AuthFeature(Services& services, ProgressFeature& progress);

    /// What the editor offers for signing in. The feature must outlive what is made with it.
    auth::SignInTools sign_in_tools();

    void bind(rpc::Router& router);

    /// Signs in, asking the user if need be. Throws: NotSignedIn (with the remedy), Unavailable,
    /// Cancelled.
    asio::awaitable<void> sign_in(std::stop_token stop);

    /// Signs in to one tenant, asking the user if need be. Throws: as `sign_in`.
    asio::awaitable<void> sign_in_to(azure::Identity identity, std::stop_token stop);

    /// Lets the user add another of the editor's accounts. Throws: as `sign_in`.
    asio::awaitable<void> add_account(std::stop_token stop);

    /// Forgets tokens and account.
    void sign_out();

    /// Whether the account that the editor has lent, and that is in use, is none of the editor's
    /// any more. False when the editor does not say. Throws: Cancelled.
    asio::awaitable<bool> has_lost_account(std::stop_token stop);

    protocol::AuthInfo status() const;

private:
    asio::awaitable<protocol::AuthInfo> status_request(protocol::NoParams params,
                                                       rpc::RequestContext& context);
    using Use = std::function<asio::awaitable<void>(auth::Session&, std::stop_token)>;

    asio::awaitable<void> with_session(Use use, std::stop_token stop);
    asio::awaitable<http::AccessToken> ask_editor(http::TokenRequest request, std::stop_token stop);
    asio::awaitable<std::vector<auth::AccountReference>> list_accounts(std::stop_token stop);
    asio::awaitable<Secret> read_secret(std::string key, std::stop_token stop);
    asio::awaitable<void> store_secret(std::string key, Secret value);
    asio::awaitable<std::vector<protocol::AccountInfo>> editor_accounts(std::stop_token stop);
    std::string authority() const;
    void show_device_code(auth::DeviceCode code, std::stop_source sign_in);
    asio::awaitable<void> guide(auth::DeviceCode code, std::stop_source sign_in);
    void tell_if_changed();

    Services& services_;
    ProgressFeature& progress_;
    int present_ = 0;
    bool signing_in_ = false;
    /// Takes what the user was asked last from the screen: a device code, or the editor's own
    /// question.
    std::stop_source open_question_;
    /// The editor's name of the account it chose when it was asked for any.
    std::string lent_;
    /// Why the last sign-in failed.
    std::string failure_;
    /// What the client knows.
    protocol::AuthInfo reported_;
};

}  // namespace aml::features
