#include "auth/credentials.hpp"

#include "auth/azure_cli_credential.hpp"
#include "auth/managed_identity_credential.hpp"
#include "auth/service_principal_credential.hpp"
#include "support/localize.hpp"

#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace aml::auth {
namespace {

constexpr auto no_pool = Localizable("this program cannot use it");

TokenEndpoint endpoint_of(const CredentialParts& parts) {
    return {parts.anonymous, parts.clock, parts.cloud.authority};
}

std::string missing_variable(const SignInSettings& settings) {
    if (settings.tenant.empty()) return localize("AZURE_TENANT_ID is not set");
    if (settings.client_id.empty()) return localize("AZURE_CLIENT_ID is not set");
    if (settings.client_secret.empty() && settings.certificate_file.empty() &&
        settings.federated_token_file.empty()) {
        return localize(
            "none of AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH and "
            "AZURE_FEDERATED_TOKEN_FILE is set");
    }
    return {};
}

ChainedCredential principal(const CredentialParts& parts,
                            const SignInSettings& settings,
                            asio::thread_pool* pool) {
    ChainedCredential chained{Method::ServicePrincipal};
    chained.unavailable = missing_variable(settings);
    if (!chained.unavailable.empty()) return chained;
    MakeProof proof;
    if (!settings.client_secret.empty()) {
        proof = secret_proof(settings.client_secret);
    } else if (pool == nullptr) {
        chained.unavailable = localize(no_pool);
        return chained;
    } else if (!settings.certificate_file.empty()) {
        proof = certificate_proof(*pool,
                                  parts.clock,
                                  settings.certificate_file,
                                  settings.certificate_password,
                                  settings.send_certificate_chain);
    } else {
        proof = federated_proof(*pool, settings.federated_token_file);
    }
    chained.credential = std::make_unique<ServicePrincipalCredential>(
        endpoint_of(parts), settings.tenant, settings.client_id, std::move(proof));
    return chained;
}

ChainedCredential editor(AskEditor ask) {
    ChainedCredential chained{Method::Editor};
    if (!ask) chained.unavailable = localize("no editor is connected that could lend its session");
    chained.credential = std::make_unique<EditorCredential>(std::move(ask));
    return chained;
}

ChainedCredential azure_cli(const CredentialParts& parts,
                            const SignInSettings& settings,
                            asio::thread_pool* pool) {
    ChainedCredential chained{Method::AzureCli};
    if (pool == nullptr) {
        chained.unavailable = localize(no_pool);
        return chained;
    }
    auto credential =
        std::make_unique<AzureCliCredential>(*pool, parts.clock, settings.path, settings.tenant);
    chained.ask_again = [cli = credential.get()] { cli->ask_again(); };
    chained.credential = std::move(credential);
    return chained;
}

ChainedCredential managed_identity(const CredentialParts& parts,
                                   const SignInSettings& settings,
                                   asio::thread_pool* pool) {
    ChainedCredential chained{Method::ManagedIdentity};
    if (pool == nullptr) {
        chained.unavailable = localize(no_pool);
        return chained;
    }
    chained.credential = std::make_unique<ManagedIdentityCredential>(
        parts.anonymous, parts.clock, *pool, settings.managed_identity);
    return chained;
}

ChainedCredential device_code(const CredentialParts& parts,
                              const SignInSettings& settings,
                              ShowDeviceCode show,
                              SecretStore secrets) {
    ChainedCredential chained{Method::DeviceCode};
    if (!show) chained.unavailable = localize("nobody is there to enter a code");
    const auto tenant = settings.tenant.empty() ? parts.cloud.tenant : settings.tenant;
    auto credential = std::make_unique<DeviceCodeCredential>(endpoint_of(parts),
                                                             parts.clock,
                                                             tenant,
                                                             default_public_client(),
                                                             std::move(show),
                                                             std::move(secrets));
    chained.sign_out = [signed_in = credential.get()] { signed_in->sign_out(); };
    chained.credential = std::move(credential);
    return chained;
}

}  // namespace

std::vector<ChainedCredential> make_credentials(CredentialParts parts,
                                                const SignInSettings& settings,
                                                SignInTools tools) {
    std::vector<ChainedCredential> credentials;
    credentials.push_back(principal(parts, settings, tools.pool));
    credentials.push_back(editor(std::move(tools.ask_editor)));
    credentials.push_back(azure_cli(parts, settings, tools.pool));
    credentials.push_back(managed_identity(parts, settings, tools.pool));
    credentials.push_back(
        device_code(parts, settings, std::move(tools.show_device_code), std::move(tools.secrets)));
    return credentials;
}

}  // namespace aml::auth
