#pragma once

#include "async/clock.hpp"
#include "http/credential.hpp"
#include "support/error.hpp"

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace aml::auth {

/// Whoever is signed in to the Azure CLI, through `az account get-access-token`. Running it takes a
/// second, so a failure stands for 15 seconds: requests that come meanwhile get the same one.
class AzureCliCredential final : public http::Credential {
public:
    /// Keeps `pool` and `clock` by reference. `path` is searched for `az` as PATH is; `tenant` is
    /// asked for when a request names none (empty: the CLI's own). `timeout` is for one run of the
    /// CLI.
    AzureCliCredential(asio::thread_pool& pool,
                       async::Clock& clock,
                       std::string path,
                       std::string tenant,
                       std::chrono::milliseconds timeout = std::chrono::seconds(30));

    /// Throws: NotSignedIn (no CLI, nobody signed in to it, its own words for any other refusal, a
    /// challenge it cannot answer by itself), TimedOut, Unavailable (the CLI has no connection).
    asio::awaitable<http::AccessToken> token(http::TokenRequest request,
                                             std::stop_token stop) override;

    /// The next request runs the CLI whatever happened before.
    void ask_again() { failures_.clear(); }

private:
    struct Failure {
        Error error;
        async::Clock::TimePoint until;
    };

    asio::thread_pool& pool_;
    async::Clock& clock_;
    std::string path_;
    std::string tenant_;
    std::chrono::milliseconds timeout_;
    // By tenant.
    std::map<std::string, Failure> failures_;
};

/// The token in the CLI's answer: `expires_on` (seconds since 1970), else `expiresOn`, which is
/// local time. Throws: NotSignedIn when it is none.
http::AccessToken parse_cli_token(std::string_view output);

/// What the CLI's error text means for the user. Throws nothing; Unavailable when the CLI could not
/// reach Azure, else NotSignedIn.
Error cli_failure(std::string_view errors);

}  // namespace aml::auth
