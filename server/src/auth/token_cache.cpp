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
    explicit Entry(async::TaskGroup& group)
        : flight(group) {}

    std::optional<http::AccessToken> token;
    async::SingleFlight<http::AccessToken> flight;
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

asio::awaitable<http::AccessToken> TokenCache::token(http::TokenRequest request,
                                                     std::stop_token stop) {
    auto& slot = entries_[request.scope + ' ' + request.tenant];
    if (!slot) slot = std::make_shared<Entry>(group_);
    const auto entry = slot;
    const bool forced = request.renew || !request.claims.empty();
    if (!forced && fresh(*entry)) co_return *entry->token;
    auto start = [&source = source_, request](std::stop_token flight_stop) {
        return fetch(source, request, std::move(flight_stop));
    };
    const async::SingleFlight<http::AccessToken>::Start shared_start = std::move(start);
    std::exception_ptr failure;
    try {
        auto renewed = co_await entry->flight.run(shared_start, std::move(stop));
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
