#include "auth/choice.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

namespace aml::auth {
namespace {

/// Whoever set the environment wants exactly that identity; anything but "not signed in" is no
/// choice. A program or a service of this machine that hangs is as good as none.
bool can_pass_over(Method method, const Error& error) {
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

Choice::Choice(std::vector<Way> ways, Method method)
    : ways_(std::move(ways)),
      method_(method) {}

asio::awaitable<http::AccessToken> Choice::token(http::TokenRequest request, std::stop_token stop) {
    if (chosen_) {
        auto again =
            co_await ways_[*chosen_].credential->token(std::move(request), std::move(stop));
        co_return again;
    }
    const auto before = sign_outs_;
    std::vector<std::string> passed_over;
    for (std::size_t i = 0; i < ways_.size(); ++i) {
        if (!considered(ways_[i])) continue;
        if (!ways_[i].unavailable.empty()) {
            passed_over.push_back(sentence(ways_[i].method, ways_[i].unavailable));
            continue;
        }
        try {
            auto token = co_await ways_[i].credential->token(request, stop);
            if (before == sign_outs_) {
                chosen_ = i;
                passed_over_ = std::move(passed_over);
            }
            co_return token;
        } catch (const Error& error) {
            if (method_ != Method::Auto || !can_pass_over(ways_[i].method, error)) throw;
            passed_over.push_back(sentence(ways_[i].method, error.message()));
        }
    }
    passed_over_ = passed_over;
    throw Error(ErrorKind::NotSignedIn,
                localize("Not signed in to Azure; no way to sign in works ({}).",
                         fmt::join(passed_over, localize("; ").shown())));
}

void Choice::sign_out() {
    ++sign_outs_;
    for (const auto& way : ways_) {
        if (way.sign_out) way.sign_out();
    }
    ask_again();
    chosen_.reset();
    passed_over_.clear();
}

void Choice::ask_again() {
    for (const auto& way : ways_) {
        if (way.ask_again) way.ask_again();
    }
}

std::optional<Method> Choice::chosen() const {
    return chosen_ ? std::optional(ways_[*chosen_].method) : std::nullopt;
}

}  // namespace aml::auth
