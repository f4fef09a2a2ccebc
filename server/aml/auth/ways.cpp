#include "auth/ways.hpp"

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

TokenEndpoint endpoint_of(const WayParts& parts) {
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

Choice::Way principal(const WayParts& parts,
                      const SignInSettings& settings,
                      asio::thread_pool* pool) {
    Choice::Way way{Method::ServicePrincipal};
    way.unavailable = missing_variable(settings);
    if (!way.unavailable.empty()) return way;
    MakeProof proof;
    if (!settings.client_secret.empty()) {
        proof = secret_proof(settings.client_secret);
    } else if (pool == nullptr) {
        way.unavailable = localize(no_pool);
        return way;
    } else if (!settings.certificate_file.empty()) {
        proof = certificate_proof(*pool,
                                  parts.clock,
                                  settings.certificate_file,
                                  settings.certificate_password,
                                  settings.send_certificate_chain);
    } else {
        proof = federated_proof(*pool, settings.federated_token_file);
    }
    way.credential = std::make_unique<ServicePrincipalCredential>(
        endpoint_of(parts), settings.tenant, settings.client_id, std::move(proof));
    return way;
}

Choice::Way editor(AskEditor ask) {
    Choice::Way way{Method::Editor};
    if (!ask) way.unavailable = localize("no editor is connected that could lend its session");
    way.credential = std::make_unique<EditorCredential>(std::move(ask));
    return way;
}

Choice::Way azure_cli(const WayParts& parts,
                      const SignInSettings& settings,
                      asio::thread_pool* pool) {
    Choice::Way way{Method::AzureCli};
    if (pool == nullptr) {
        way.unavailable = localize(no_pool);
        return way;
    }
    auto credential =
        std::make_unique<AzureCliCredential>(*pool, parts.clock, settings.path, settings.tenant);
    way.ask_again = [cli = credential.get()] { cli->ask_again(); };
    way.credential = std::move(credential);
    return way;
}

Choice::Way managed_identity(const WayParts& parts,
                             const SignInSettings& settings,
                             asio::thread_pool* pool) {
    Choice::Way way{Method::ManagedIdentity};
    if (pool == nullptr) {
        way.unavailable = localize(no_pool);
        return way;
    }
    way.credential = std::make_unique<ManagedIdentityCredential>(
        parts.anonymous, parts.clock, *pool, settings.managed_identity);
    return way;
}

Choice::Way device_code(const WayParts& parts,
                        const SignInSettings& settings,
                        ShowDeviceCode show,
                        SecretStore secrets) {
    Choice::Way way{Method::DeviceCode};
    if (!show) way.unavailable = localize("nobody is there to enter a code");
    const auto tenant = settings.tenant.empty() ? parts.cloud.tenant : settings.tenant;
    auto credential = std::make_unique<DeviceCodeCredential>(endpoint_of(parts),
                                                             parts.clock,
                                                             tenant,
                                                             default_public_client(),
                                                             std::move(show),
                                                             std::move(secrets));
    way.sign_out = [signed_in = credential.get()] { signed_in->sign_out(); };
    way.credential = std::move(credential);
    return way;
}

}  // namespace

std::vector<Choice::Way> make_ways(WayParts parts,
                                   const SignInSettings& settings,
                                   SignInWays offered) {
    std::vector<Choice::Way> ways;
    ways.push_back(principal(parts, settings, offered.pool));
    ways.push_back(editor(std::move(offered.ask_editor)));
    ways.push_back(azure_cli(parts, settings, offered.pool));
    ways.push_back(managed_identity(parts, settings, offered.pool));
    ways.push_back(device_code(
        parts, settings, std::move(offered.show_device_code), std::move(offered.secrets)));
    return ways;
}

}  // namespace aml::auth
