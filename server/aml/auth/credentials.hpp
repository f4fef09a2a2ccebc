#pragma once

#include "auth/credential_chain.hpp"
#include "auth/device_code_credential.hpp"
#include "auth/editor_credential.hpp"
#include "auth/settings.hpp"
#include "auth/token_endpoint.hpp"
#include "http/cloud.hpp"
#include "http/pipeline.hpp"

#include <vector>

namespace aml::auth {

/// What the surrounding program offers for signing in. What is empty or null it cannot do.
struct SignInTools {
    AskEditor ask_editor{};
    ListAccounts list_accounts{};
    ShowDeviceCode show_device_code{};
    SecretStore secrets{};
    /// For files with certificates and tokens, and for the Azure CLI. Must outlive the session.
    asio::thread_pool* pool = nullptr;
};

/// What every credential needs; refers to things that outlive the credentials.
struct CredentialParts {
    const http::Pipeline& anonymous;
    async::Clock& clock;
    const http::Cloud& cloud;
};

/// A credential for each method, in the order of `all_methods`, with the reason why it cannot be
/// used here, if there is one.
std::vector<ChainedCredential> make_credentials(CredentialParts parts,
                                                const SignInSettings& settings,
                                                SignInTools tools);

}  // namespace aml::auth
