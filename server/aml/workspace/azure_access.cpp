#include "workspace/azure_access.hpp"

#include "http/url.hpp"
#include "platform/environment.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <utility>

namespace aml::workspace {
namespace {

auth::Method method_from_environment() {
    const auto name = platform::variable("AZUREML_AUTH");
    if (name.empty()) return auth::Method::Auto;
    const auto method = auth::parse_method(name);
    if (method) return *method;
    throw Error(ErrorKind::Rejected,
                localize("AZUREML_AUTH has the unknown value \"{}\"; use auto, editor, azureCli, "
                         "deviceCode, servicePrincipal or managedIdentity.",
                         name));
}

/// Throws: Rejected.
void require_address(const std::string& arm_endpoint) {
    if (http::parse_url(arm_endpoint)) return;
    throw Error(ErrorKind::Rejected,
                localize("“{}” is no http(s) address of Azure, such as {}. Correct the setting "
                         "azureml.armEndpoint or AZUREML_ARM_ENDPOINT.",
                         arm_endpoint,
                         http::public_cloud().arm));
}

}  // namespace

AccessSettings AccessSettings::from_environment(std::string user_agent) {
    AccessSettings settings;
    settings.arm_endpoint = platform::variable("AZUREML_ARM_ENDPOINT");
    if (settings.arm_endpoint.empty()) settings.arm_endpoint = http::public_cloud().arm;
    while (settings.arm_endpoint.ends_with('/')) settings.arm_endpoint.pop_back();
    settings.sign_in = auth::SignInSettings::from_environment(method_from_environment());
    settings.user_agent = std::move(user_agent);
    return settings;
}

AzureConnection::AzureConnection(http::PipelineParts parts,
                                 const http::Pipeline& anonymous,
                                 async::TaskGroup& tasks,
                                 http::Cloud cloud,
                                 AccessSettings settings,
                                 auth::SignInTools tools)
    : session(anonymous, parts.clock, tasks, cloud, settings.sign_in, std::move(tools)),
      authenticated(http::make_pipeline(parts, session, http::trusted_hosts(cloud))),
      client(authenticated, anonymous, parts.clock, cloud) {}

asio::awaitable<std::string> AzureConnection::tenant_of(std::string subscription,
                                                        std::stop_token stop) {
    auto identity = client.identity_for(subscription);
    if (!identity.tenant.empty()) co_return std::move(identity.tenant);
    std::string usual;
    try {
        usual = co_await session.usual_tenant(std::move(identity.account), std::move(stop));
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
    }
    co_return usual;
}

AzureAccess::AzureAccess(http::PipelineParts parts,
                         async::TaskGroup& tasks,
                         AccessSettings settings,
                         auth::SignInTools tools)
    : parts_(std::move(parts)),
      tasks_(tasks),
      settings_(std::move(settings)),
      tools_(std::move(tools)),
      anonymous_(http::make_anonymous_pipeline(parts_)),
      discovery_(tasks) {}

asio::awaitable<http::Cloud> AzureAccess::discover(std::stop_token stop) {
    require_address(settings_.arm_endpoint);
    return http::discover_cloud(anonymous_, settings_.arm_endpoint, std::move(stop));
}

void AzureAccess::on_session_change(std::function<void()> handler) {
    on_session_change_ = std::move(handler);
    if (connection_) connection_->session.on_change(on_session_change_);
}

bool AzureAccess::awaits_sign_in() const {
    if (connection_ && connection_->session.account()) return false;
    return settings_.sign_in.method == auth::Method::Auto && settings_.sign_in.client_id.empty();
}

asio::awaitable<AzureConnection*> AzureAccess::connect(std::stop_token stop) {
    if (connection_) co_return connection_.get();
    async::SingleFlight<http::Cloud>::Start start = [this](std::stop_token token) {
        return http::discover_cloud(anonymous_, settings_.arm_endpoint, std::move(token));
    };
    require_address(settings_.arm_endpoint);
    auto cloud = co_await discovery_.run(std::move(start), std::move(stop));
    // Another caller may have been woken first.
    if (!connection_) {
        connection_ = std::make_unique<AzureConnection>(
            parts_, anonymous_, tasks_, std::move(cloud), settings_, tools_);
        connection_->session.on_change(on_session_change_);
    }
    co_return connection_.get();
}

}  // namespace aml::workspace
