#pragma once

#include "async/asio.hpp"
#include "async/single_flight.hpp"
#include "async/task_group.hpp"
#include "auth/session.hpp"
#include "azure/client.hpp"
#include "http/cloud.hpp"
#include "http/pipeline.hpp"
#include "http/policies.hpp"
#include "http/proxy.hpp"
#include "http/transport.hpp"
#include "support/log.hpp"
#include "support/random.hpp"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace aml::workspace {

/// Which Azure, and as whom.
struct AccessSettings {
    /// e.g. "https://management.azure.com"; without a trailing slash.
    std::string arm_endpoint{};
    auth::SignInSettings sign_in{};
    /// What the transport was configured with, for the doctor to name.
    http::ProxySettings proxy{};
    std::string user_agent{};

    /// `AZUREML_ARM_ENDPOINT`, or public Azure; sign-in from the environment, in the way that
    /// `AZUREML_AUTH` names. Throws: Rejected when it names none.
    static AccessSettings from_environment(std::string user_agent);
};

/// One cloud as one identity: endpoints, session, client. Made once the cloud is known.
struct AzureConnection {
    AzureConnection(http::PipelineParts parts,
                    const http::Pipeline& anonymous,
                    async::TaskGroup& tasks,
                    http::Cloud cloud,
                    AccessSettings settings,
                    auth::SignInTools tools);

    /// The tenant whose tokens a subscription is asked with: links to the portal name it. Empty
    /// when nobody knows. Throws: Cancelled.
    asio::awaitable<std::string> tenant_of(std::string subscription, std::stop_token stop);

    auth::Session session;
    http::Pipeline authenticated;
    azure::Client client;
};

/// The way to Azure, for the language server and the terminal alike. Nothing is asked before it is
/// needed: the first `connect` finds out which cloud the endpoint belongs to.
class AzureAccess final {
public:
    /// Keeps what `parts` refers to and `tasks` by reference; they must outlive this object.
    AzureAccess(http::PipelineParts parts,
                async::TaskGroup& tasks,
                AccessSettings settings,
                auth::SignInTools tools);

    /// The connection, which lives as long as this object. One request the first time, none later;
    /// signing in happens with the first call to Azure. Throws: Unavailable or TimedOut (the
    /// endpoint cannot be reached), Rejected (it is no ARM endpoint), Cancelled.
    asio::awaitable<AzureConnection*> connect(std::stop_token stop);

    /// Asks the endpoint again which cloud it is, whatever is known. Throws: as `connect`.
    asio::awaitable<http::Cloud> discover(std::stop_token stop);

    /// `handler` is called on the loop when the account or the way to sign in has changed.
    void on_session_change(std::function<void()> handler);

    /// Null before the first `connect` has ended well.
    AzureConnection* connection() const { return connection_.get(); }

    /// Nobody has signed in, and nothing is configured that says who should.
    bool awaits_sign_in() const;

    const AccessSettings& settings() const { return settings_; }

private:
    http::PipelineParts parts_;
    async::TaskGroup& tasks_;
    AccessSettings settings_;
    auth::SignInTools tools_;
    http::Pipeline anonymous_;
    async::SingleFlight<http::Cloud> discovery_;
    std::function<void()> on_session_change_;
    std::unique_ptr<AzureConnection> connection_;
};

}  // namespace aml::workspace
