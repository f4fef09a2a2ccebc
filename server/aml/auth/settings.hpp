#pragma once

#include "auth/method.hpp"
#include "support/secret.hpp"

#include <functional>
#include <string>

namespace aml::auth {

/// Where the machine gives out tokens of its own identity. Which form it is follows from what is
/// set; nothing set means the metadata service of a virtual machine.
/// Source: Azure SDK managed identity sources (App Service, Azure ML, Cloud Shell, Arc, IMDS).
struct ManagedIdentitySettings {
    /// IDENTITY_ENDPOINT, IDENTITY_HEADER (App Service); IDENTITY_ENDPOINT, IMDS_ENDPOINT (Arc).
    std::string identity_endpoint{};
    Secret identity_header{};
    std::string imds_endpoint{};
    /// MSI_ENDPOINT, MSI_SECRET (Azure ML computes); MSI_ENDPOINT alone (Cloud Shell).
    std::string msi_endpoint{};
    Secret msi_secret{};
    /// AZURE_POD_IDENTITY_AUTHORITY_HOST, instead of http://169.254.169.254.
    std::string imds_host{};
    /// AZURE_CLIENT_ID, or DEFAULT_IDENTITY_CLIENT_ID on Azure ML: a user-assigned identity. Empty:
    /// the one assigned by the system.
    std::string client_id{};
    /// Where Azure Arc's agent leaves its keys.
    std::string arc_key_folder = "/var/opt/azcmagent/tokens";
};

/// The value of an environment variable; empty when it is not set.
using Environment = std::function<std::string(const char*)>;

/// What sign-in is configured with.
struct SignInSettings {
    Method method = Method::Auto;
    /// AZURE_TENANT_ID. Empty: for people the cloud's own, which lets them choose.
    std::string tenant{};
    /// AZURE_CLIENT_ID: the application of the service principal.
    std::string client_id{};
    /// What proves that it is the service principal; the first that is set.
    /// AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH with AZURE_CLIENT_CERTIFICATE_PASSWORD,
    /// AZURE_FEDERATED_TOKEN_FILE.
    Secret client_secret{};
    std::string certificate_file{};
    Secret certificate_password{};
    /// AZURE_CLIENT_SEND_CERTIFICATE_CHAIN: sign in by subject name and issuer.
    bool send_certificate_chain = false;
    std::string federated_token_file{};
    /// PATH, in which the Azure CLI is looked for.
    std::string path{};
    ManagedIdentitySettings managed_identity{};

    static SignInSettings from(Method method, const Environment& environment);

    /// From this process's environment.
    static SignInSettings from_environment(Method method);
};

}  // namespace aml::auth
