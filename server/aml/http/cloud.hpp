#pragma once

#include "async/asio.hpp"
#include "http/pipeline.hpp"
#include "http/policies.hpp"

#include <stop_token>
#include <string>
#include <string_view>

namespace aml::http {

/// Scope of tokens for blob storage, the same in every cloud.
inline constexpr std::string_view storage_scope = "https://storage.azure.com/.default";

/// The endpoints of one Azure cloud, without trailing slashes.
struct Cloud {
    /// AzureCloud, AzureChinaCloud, AzureUSGovernment, or what the endpoint calls itself.
    std::string name;
    /// Azure Resource Manager, e.g. "https://management.azure.com".
    std::string arm;
    /// Entra ID, e.g. "https://login.microsoftonline.com".
    std::string authority;
    /// Tenant for interactive sign-in when none is configured, e.g. "organizations".
    std::string tenant;
    /// Scope of tokens for ARM and the Azure ML data plane, e.g.
    /// "https://management.azure.com/.default".
    std::string arm_scope;
    /// Scope of the token with which Azure ML acts for the user, e.g.
    /// "https://ml.azure.com/.default".
    std::string ml_scope;
    /// Storage host suffix, e.g. "core.windows.net".
    std::string storage_suffix;
    /// Where registries are found, e.g. "https://eastus.api.azureml.ms"; empty for a cloud that has
    /// no such place of its own.
    std::string registry_host;
    /// Azure portal, e.g. "https://portal.azure.com"; may be empty.
    std::string portal;
};

/// Asks an ARM endpoint which cloud it belongs to.
/// Throws: Unavailable or TimedOut (unreachable), Rejected (not an ARM endpoint, plain http to a
/// remote host). Source: `GET {arm}/metadata/endpoints?api-version=2022-09-01`, no credentials;
/// older endpoints answer an array.
asio::awaitable<Cloud> discover_cloud(const Pipeline& anonymous,
                                      std::string arm_endpoint,
                                      std::stop_token stop);

/// Public Azure, as of 2026; what `discover_cloud` finds there.
Cloud public_cloud();

/// Where tokens of this cloud may go: its ARM origin and Azure ML's own domains, those for storage
/// to its blob storage, and, if ARM is on loopback (the emulator), all of them to every loopback
/// origin.
TrustedHosts trusted_hosts(const Cloud& cloud);

}  // namespace aml::http
