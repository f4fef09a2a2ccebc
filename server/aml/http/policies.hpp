#pragma once

#include "async/clock.hpp"
#include "http/credential.hpp"
#include "http/pipeline.hpp"
#include "support/log.hpp"
#include "support/random.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aml::http {

/// Hosts a bearer token may be sent to: exact origins, and domains with everything below them
/// (https only).
struct TrustedHosts {
    std::vector<std::string> origins{};
    std::vector<std::string> domains{};
    /// Hosts that anybody can have, such as storage accounts: tokens for this scope go only there,
    /// and no other token does.
    std::string storage_scope{};
    std::string storage_domain{};
    /// Every origin on this machine too; for the emulator.
    bool loopback = false;

    /// With a token for `scope`. Plain http is trusted for loopback origins only.
    bool trusts(std::string_view url, std::string_view scope) const;
};

/// Gives each call one `x-ms-client-request-id`, shared by its attempts.
std::unique_ptr<Policy> request_id_policy(Random& random);

/// Sets `User-Agent`.
std::unique_ptr<Policy> user_agent_policy(std::string user_agent);

struct RetryOptions {
    int max_retries = 3;
    /// When there was no connection at all.
    int max_connection_retries = 2;
    std::chrono::milliseconds first_delay{800};
    std::chrono::milliseconds max_delay{60'000};
};

/// Repeats after 408, 429, 500, 502, 503, 504 and transport failures, as `Request::repeat` allows;
/// not after failures of another request that this one needed (a token), which has had its own.
/// A delay the service asks for (`retry-after-ms`, `x-ms-retry-after-ms`, `Retry-After` in seconds
/// or as a date) wins over the doubling one; one longer than two minutes ends the retries, and the
/// answer is returned as it is.
std::unique_ptr<Policy> retry_policy(async::Clock& clock,
                                     Random& random,
                                     RetryOptions options = {});

/// The delay an answer asks for; empty when it names none. A date in the past is zero.
std::optional<std::chrono::milliseconds> retry_after(const Headers& headers,
                                                     async::Clock::TimePoint now);

/// Adds `Authorization: Bearer` when the request has a scope, and `x-azureml-token` when it has a
/// `user_scope`; renews the first once when a 401 carries a challenge. Throws: InternalError for a
/// host that is not trusted; what `credential` throws.
std::unique_ptr<Policy> bearer_token_policy(Credential& credential, TrustedHosts trusted);

/// Logs one line for each attempt at info; at debug also headers and small JSON bodies, redacted.
std::unique_ptr<Policy> log_policy(async::Clock& clock, Log log);

/// What the standard pipeline is made of; the referenced objects must outlive it.
struct PipelineParts {
    Transport& transport;
    async::Clock& clock;
    Random& random;
    Log log;
    std::string user_agent;
    RetryOptions retry = {};
};

/// RequestId, UserAgent, Retry, BearerToken, Log, Transport.
Pipeline make_pipeline(PipelineParts parts, Credential& credential, TrustedHosts trusted);

/// The same without BearerToken: for sign-in and cloud discovery.
Pipeline make_anonymous_pipeline(PipelineParts parts);

}  // namespace aml::http
