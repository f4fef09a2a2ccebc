#pragma once

#include "async/task_group.hpp"
#include "auth/account.hpp"
#include "auth/client_secret_credential.hpp"
#include "auth/device_code_credential.hpp"
#include "auth/editor_credential.hpp"
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

/// How to sign in. `Auto` takes the first that works, in the order ServicePrincipal, Editor,
/// DeviceCode.
enum class Method { Auto, Editor, DeviceCode, ServicePrincipal };

/// The setting's spelling: auto, editor, deviceCode, servicePrincipal.
std::string_view to_string(Method method);
std::optional<Method> parse_method(std::string_view text);

/// Words for a user, e.g. "service principal from the environment".
std::string_view describe(Method method);

/// What sign-in is configured with. `from_environment` reads AZURE_TENANT_ID, AZURE_CLIENT_ID,
/// AZURE_CLIENT_SECRET.
struct SignInSettings {
    Method method = Method::Auto;
    /// Empty: the cloud's own for interactive sign-in.
    std::string tenant{};
    std::string client_id{};
    Secret client_secret{};

    static SignInSettings from_environment(Method method);
};

/// The ways the surrounding program offers. An empty function means that it cannot.
struct SignInWays {
    AskEditor ask_editor{};
    ShowDeviceCode show_device_code{};
};

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
            SignInWays ways);
    ~Session() override;

    /// Throws: NotSignedIn whose message names each method that was passed over and why, or the one
    /// that failed.
    asio::awaitable<http::AccessToken> token(http::TokenRequest request,
                                             std::stop_token stop) override;

    /// Fetches a token for ARM, so that the account is known. Throws: as `token`.
    asio::awaitable<Account> sign_in(std::stop_token stop);

    /// Forgets tokens, account and choice; the next call signs in again.
    void sign_out();

    /// Of the last token; empty before the first one.
    const std::optional<Account>& account() const { return account_; }

    /// The method in use; empty before the first token.
    std::optional<Method> method() const;

    /// One sentence for each method that `Auto` passed over before it found one that works.
    const std::vector<std::string>& passed_over() const;

    /// Called on the loop when account or method changed.
    void on_change(std::function<void()> handler) { on_change_ = std::move(handler); }

private:
    class Source;

    void note(const http::AccessToken& token);

    http::Cloud cloud_;
    std::unique_ptr<Source> source_;
    std::unique_ptr<TokenCache> cache_;
    std::optional<Account> account_;
    std::optional<Method> reported_;
    int sign_outs_ = 0;
    std::function<void()> on_change_;
};

}  // namespace aml::auth
