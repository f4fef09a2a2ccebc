#include "auth/credential_chain.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

namespace aml::auth {
namespace {

/// A service principal was configured on purpose, so its failure is the answer. Any other
/// credential is skipped when it is not signed in; one that depends on this machine also when that
/// hangs.
bool can_skip(Method method, const Error& error) {
    if (method == Method::ServicePrincipal) return false;
    if (error.kind() == ErrorKind::NotSignedIn) return true;
    const bool of_this_machine = method == Method::AzureCli || method == Method::ManagedIdentity;
    return of_this_machine &&
           (error.kind() == ErrorKind::TimedOut || error.kind() == ErrorKind::Unavailable);
}

std::string sentence(Method method, std::string why) {
    while (why.ends_with('.')) why.pop_back();
    if (constexpr std::string_view full_stop = "。"; why.ends_with(full_stop))
        why.resize(why.size() - full_stop.size());
    return localize("{}: {}", describe(method), why);
}

}  // namespace

CredentialChain::CredentialChain(std::vector<ChainedCredential> credentials, Method method)
    : credentials_(std::move(credentials)),
      method_(method) {}

asio::awaitable<http::AccessToken> CredentialChain::token(http::TokenRequest request,
                                                          std::stop_token stop) {
    if (chosen_) {
        auto again = co_await ask_chosen(std::move(request), std::move(stop));
        co_return again;
    }
    const auto before = sign_outs_;
    std::vector<std::string> skipped;
    for (std::size_t i = 0; i < credentials_.size(); ++i) {
        const auto& member = credentials_[i];
        if (!considered(member)) continue;
        if (!member.unavailable.empty()) {
            skipped.push_back(sentence(member.method, member.unavailable));
            continue;
        }
        try {
            auto token = co_await member.credential->token(request, stop);
            if (before == sign_outs_) {
                chosen_ = i;
                skipped_ = std::move(skipped);
            }
            co_return token;
        } catch (const Error& error) {
            if (method_ != Method::Auto || !can_skip(member.method, error)) throw;
            skipped.push_back(sentence(member.method, error.message()));
        }
    }
    skipped_ = skipped;
    throw Error(ErrorKind::NotSignedIn,
                localize("Not signed in to Azure; no way to sign in works ({}).",
                         fmt::join(skipped, localize("; ").shown())));
}

http::Credential* CredentialChain::instead_of_editor() const {
    if (method_ != Method::Auto || credentials_[*chosen_].method != Method::Editor) return nullptr;
    for (const auto& member : credentials_) {
        if (member.method == Method::AzureCli && member.unavailable.empty())
            return member.credential.get();
    }
    return nullptr;
}

asio::awaitable<http::AccessToken> CredentialChain::ask_chosen(http::TokenRequest request,
                                                               std::stop_token stop) {
    auto* const cli = instead_of_editor();
    std::optional<Error> refusal;
    if (cli == nullptr || !from_cli_.contains(request.scope)) {
        try {
            auto token = co_await credentials_[*chosen_].credential->token(request, stop);
            co_return token;
        } catch (const Error& error) {
            if (cli == nullptr || error.details().azure_code != "AADSTS65002") throw;
            refusal = error;
        }
    }
    // The editor knows its accounts by ids of its own.
    request.account.clear();
    const auto scope = request.scope;
    try {
        auto token = co_await cli->token(std::move(request), std::move(stop));
        from_cli_.insert(scope);
        co_return token;
    } catch (const Error& error) {
        if (!refusal || error.kind() == ErrorKind::Cancelled) throw;
    }
    throw *refusal;
}

void CredentialChain::sign_out() {
    ++sign_outs_;
    from_cli_.clear();
    for (const auto& member : credentials_) {
        if (member.sign_out) member.sign_out();
    }
    ask_again();
    chosen_.reset();
    skipped_.clear();
}

void CredentialChain::ask_again() {
    for (const auto& member : credentials_) {
        if (member.ask_again) member.ask_again();
    }
}

std::optional<Method> CredentialChain::chosen() const {
    return chosen_ ? std::optional(credentials_[*chosen_].method) : std::nullopt;
}

}  // namespace aml::auth
