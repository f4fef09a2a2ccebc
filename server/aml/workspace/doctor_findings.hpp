#pragma once

#include "auth/account.hpp"
#include "azure/permissions.hpp"
#include "http/proxy.hpp"
#include "support/error.hpp"
#include "workspace/directory.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the sign-in doctor says about what it found. Pure functions.
namespace aml::workspace {

/// `message`, and `remedy` behind it unless it already says what to do.
std::string with_remedy(const std::string& message, std::string_view remedy);

/// How the endpoint is connected: encryption and proxy. Throws: Rejected for a proxy that cannot be
/// used.
std::string connection_text(const std::string& arm_endpoint, const http::ProxySettings& proxy);

std::string tenant_text(const DirectoryListing& listing,
                        const std::optional<auth::Account>& account);
std::string problems_text(const std::vector<DirectoryProblem>& problems);

/// Nothing when there is none that can be used.
std::optional<std::string> subscriptions_text(const DirectoryListing& listing);

/// An action that submitting a run needs and nothing allows.
std::optional<std::string> missing_permission(const std::vector<azure::Permission>& permissions);

/// "host" of "https://host:port/path".
std::string host_of(const std::string& url);

}  // namespace aml::workspace
