#include "auth/settings.hpp"

#include "platform/environment.hpp"

namespace aml::auth {
namespace {

bool is_yes(const std::string& value) {
    return value == "1" || value == "true" || value == "True" || value == "TRUE";
}

}  // namespace

SignInSettings SignInSettings::from(Method method, const Environment& environment) {
    SignInSettings settings;
    settings.method = method;
    settings.tenant = environment("AZURE_TENANT_ID");
    settings.client_id = environment("AZURE_CLIENT_ID");
    settings.client_secret = Secret(environment("AZURE_CLIENT_SECRET"));
    settings.certificate_file = environment("AZURE_CLIENT_CERTIFICATE_PATH");
    settings.certificate_password = Secret(environment("AZURE_CLIENT_CERTIFICATE_PASSWORD"));
    settings.send_certificate_chain = is_yes(environment("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN"));
    settings.federated_token_file = environment("AZURE_FEDERATED_TOKEN_FILE");
    settings.path = environment("PATH");
    auto& machine = settings.managed_identity;
    machine.identity_endpoint = environment("IDENTITY_ENDPOINT");
    machine.identity_header = Secret(environment("IDENTITY_HEADER"));
    machine.imds_endpoint = environment("IMDS_ENDPOINT");
    machine.msi_endpoint = environment("MSI_ENDPOINT");
    machine.msi_secret = Secret(environment("MSI_SECRET"));
    machine.imds_host = environment("AZURE_POD_IDENTITY_AUTHORITY_HOST");
    machine.client_id = settings.client_id;
    // Only Windows has that variable.
    if (const auto data = environment("ProgramData"); !data.empty())
        machine.arc_key_folder = data + "\\AzureConnectedMachineAgent\\Tokens";
    if (machine.client_id.empty() && !machine.msi_secret.empty())
        machine.client_id = environment("DEFAULT_IDENTITY_CLIENT_ID");
    return settings;
}

SignInSettings SignInSettings::from_environment(Method method) {
    return from(method, platform::variable);
}

}  // namespace aml::auth
