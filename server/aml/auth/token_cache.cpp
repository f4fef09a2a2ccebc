#include "auth/token_cache.hpp"

#include "support/error.hpp"

namespace aml::auth {
namespace {

constexpr std::chrono::minutes margin{2};

asio::awaitable<http::AccessToken> fetch(http::Credential& source,
                                         http::TokenRequest request,
                                         std::stop_token stop) {
    return source.token(std::move(request), std::move(stop));
}

}  // namespace

struct TokenCache::Entry {
    using Flight = async::SingleFlight<http::AccessToken>;

    std::optional<http::AccessToken> token;
    // By claims: whoever has to prove more does not wait for a token that proves less.
    std::map<std::string, std::unique_ptr<Flight>> flights;
};

TokenCache::TokenCache(http::Credential& source, async::Clock& clock, async::TaskGroup& group)
    : source_(source),
      clock_(clock),
      group_(group) {}

bool TokenCache::fresh(const Entry& entry) const {
    if (!entry.token) return false;
    const auto now = clock_.now();
    if (entry.token->refresh_at && now >= *entry.token->refresh_at) return false;
    return now + margin < entry.token->expires_at;
}

std::shared_ptr<TokenCache::Entry> TokenCache::entry_of(const http::TokenRequest& request) {
    auto& slot = entries_[request.scope + ' ' + request.tenant + ' ' + request.account];
    if (!slot) slot = std::make_shared<Entry>();
    return slot;
}

asio::awaitable<http::AccessToken> TokenCache::token(http::TokenRequest request,
                                                     std::stop_token stop) {
    const auto entry = entry_of(request);
    const bool refused =
        entry->token && !request.refused.empty() && entry->token->value == request.refused;
    const bool forced = refused || !request.claims.empty();
    if (!forced && fresh(*entry)) co_return *entry->token;
    auto& flight = entry->flights[request.claims];
    if (!flight) flight = std::make_unique<Entry::Flight>(group_);
    auto start = [&source = source_, request](std::stop_token flight_stop) {
        return fetch(source, request, std::move(flight_stop));
    };
    const Entry::Flight::Start shared_start = std::move(start);
    std::exception_ptr failure;
    try {
        auto renewed = co_await flight->run(shared_start, std::move(stop));
        entry->token = renewed;
        co_return renewed;
    } catch (const Error& error) {
        const bool offline =
            error.kind() == ErrorKind::Unavailable || error.kind() == ErrorKind::TimedOut;
        const bool usable = entry->token && clock_.now() + margin < entry->token->expires_at;
        if (forced || !offline || !usable) throw;
    }
    co_return *entry->token;
}

void TokenCache::clear() {
    entries_.clear();
}

}  // namespace aml::auth
