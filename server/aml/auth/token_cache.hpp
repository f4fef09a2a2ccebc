#pragma once

#include "async/clock.hpp"
#include "async/single_flight.hpp"
#include "async/task_group.hpp"
#include "http/credential.hpp"

#include <map>
#include <memory>
#include <stop_token>
#include <string>

namespace aml::auth {

/// Keeps tokens in memory by scope, tenant and account, renews them with less than two minutes
/// left, or when the issuer suggested to; callers that need the same token share one request.
/// Nothing is written to disk.
class TokenCache final : public http::Credential {
public:
    /// Keeps references; `group` runs the shared requests and must outlive this object.
    TokenCache(http::Credential& source, async::Clock& clock, async::TaskGroup& group);

    /// A token with claims is always fetched and replaces the cached one; so is one that the
    /// service has refused, unless somebody has renewed it meanwhile. A token whose renewal was
    /// only suggested is still given when the renewal fails for want of a connection.
    asio::awaitable<http::AccessToken> token(http::TokenRequest request,
                                             std::stop_token stop) override;

    /// Forgets everything; requests under way still answer their callers but are not kept.
    void clear();

private:
    struct Entry;

    bool fresh(const Entry& entry) const;
    std::shared_ptr<Entry> entry_of(const http::TokenRequest& request);

    http::Credential& source_;
    async::Clock& clock_;
    async::TaskGroup& group_;
    // By scope, tenant and account. Shared with requests under way, which may end after `clear`.
    std::map<std::string, std::shared_ptr<Entry>> entries_;
};

}  // namespace aml::auth
