#pragma once

#include "async/clock.hpp"
#include "auth/settings.hpp"
#include "http/credential.hpp"
#include "http/pipeline.hpp"

#include <optional>
#include <stop_token>
#include <string>

namespace aml::auth {

/// Where a machine in Azure gets tokens of its own identity from.
enum class IdentitySource { AppService, AzureMl, CloudShell, Arc, VirtualMachine };

/// The first one whose variables are set. Source: Azure SDK managed identity sources.
IdentitySource source_of(const ManagedIdentitySettings& settings);

/// The managed identity of the machine this runs on.
class ManagedIdentityCredential final : public http::Credential {
public:
    /// Keeps `anonymous`, `clock` and `pool` by reference.
    ManagedIdentityCredential(const http::Pipeline& anonymous,
                              async::Clock& clock,
                              asio::thread_pool& pool,
                              ManagedIdentitySettings settings);

    /// Throws: NotSignedIn (no such service here, no identity assigned, its own words for any other
    /// refusal), Unavailable (the service is there and does not answer).
    asio::awaitable<http::AccessToken> token(http::TokenRequest request,
                                             std::stop_token stop) override;

private:
    http::Request request_for(const std::string& resource) const;
    asio::awaitable<void> probe(std::stop_token stop);
    asio::awaitable<http::Response> ask(http::Request request, std::stop_token stop);
    asio::awaitable<http::Response> answer_challenge(http::Request request,
                                                     http::Response challenge,
                                                     std::stop_token stop);
    http::AccessToken token_of(const http::Response& response) const;

    const http::Pipeline& anonymous_;
    async::Clock& clock_;
    asio::thread_pool& pool_;
    ManagedIdentitySettings settings_;
    IdentitySource source_;
    // Something has answered at the metadata address; or nothing had until then.
    bool probed_ = false;
    async::Clock::TimePoint absent_until_{};
};

}  // namespace aml::auth
