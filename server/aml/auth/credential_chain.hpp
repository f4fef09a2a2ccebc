#pragma once

#include "auth/method.hpp"
#include "http/credential.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace aml::auth {

/// One way to sign in, as a member of a chain.
struct ChainedCredential {
    Method method;
    /// Why it cannot be used here; empty when it can.
    std::string unavailable{};
    std::unique_ptr<http::Credential> credential{};
    /// Forgets what the credential itself keeps; may be empty.
    std::function<void()> sign_out{};
    /// Forgets why it failed the last time; may be empty.
    std::function<void()> ask_again{};
};

/// Asks credentials in order until one gives a token, and stays with that one.
class CredentialChain final : public http::Credential {
public:
    /// `method` other than Auto uses the credential of that method only.
    CredentialChain(std::vector<ChainedCredential> credentials, Method method);

    /// A scope that Microsoft does not let the editor's client ask for (AADSTS65002) is asked of
    /// the Azure CLI. Throws: NotSignedIn naming each credential that was skipped and why; what the
    /// one in use throws. One that fails for another reason than a missing sign-in is not skipped,
    /// except that neither the Azure CLI nor the machine's identity holds up the others.
    asio::awaitable<http::AccessToken> token(http::TokenRequest request,
                                             std::stop_token stop) override;

    void sign_out();

    /// The user wants to know it now: what has failed before is tried again.
    void ask_again();

    /// The method in use; empty before the first token.
    std::optional<Method> chosen() const;

    /// One sentence for each credential before the one in use, in order, or for all of them when
    /// none worked.
    const std::vector<std::string>& skipped() const { return skipped_; }

private:
    asio::awaitable<http::AccessToken> ask_chosen(http::TokenRequest request, std::stop_token stop);
    /// The Azure CLI's, when it may be asked instead of the one in use; null otherwise.
    http::Credential* instead_of_editor() const;

    bool considered(const ChainedCredential& member) const {
        return method_ == Method::Auto || member.method == method_;
    }

    std::vector<ChainedCredential> credentials_;
    Method method_;
    /// Index into `credentials_`.
    std::optional<std::size_t> chosen_;
    std::vector<std::string> skipped_;
    /// Scopes that the editor's client may not ask for, and the Azure CLI has given.
    std::set<std::string> from_cli_;
    int sign_outs_ = 0;
};

}  // namespace aml::auth
