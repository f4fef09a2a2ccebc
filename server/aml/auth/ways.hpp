#pragma once

#include "auth/choice.hpp"
#include "auth/device_code_credential.hpp"
#include "auth/editor_credential.hpp"
#include "auth/settings.hpp"
#include "auth/token_endpoint.hpp"
#include "http/cloud.hpp"
#include "http/pipeline.hpp"

#include <vector>

namespace aml::auth {

/// What the surrounding program offers for signing in. What is empty or null it cannot do.
struct SignInWays {
    AskEditor ask_editor{};
    ListAccounts list_accounts{};
    ShowDeviceCode show_device_code{};
    SecretStore secrets{};
    /// For files with certificates and tokens, and for the Azure CLI. Must outlive the session.
    asio::thread_pool* pool = nullptr;
};

/// What every way needs; refers to things that outlive the ways.
struct WayParts {
    const http::Pipeline& anonymous;
    async::Clock& clock;
    const http::Cloud& cloud;
};

/// All ways to sign in, in the order of `all_methods`, each with the reason why it cannot be used
/// here, if there is one.
std::vector<Choice::Way> make_ways(WayParts parts,
                                   const SignInSettings& settings,
                                   SignInWays offered);

}  // namespace aml::auth
