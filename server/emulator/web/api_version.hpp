#pragma once

#include "web/router.hpp"

#include <string_view>

namespace aml::emulator {

/// Checks `api-version` as ARM does. `pattern` is the route's, from which the resource type in
/// messages is taken. Throws: Refused with 400 MissingApiVersionParameter,
/// InvalidApiVersionParameter or NoRegisteredProviderFound.
void check_api_version(const Request& request,
                       const ApiVersions& versions,
                       std::string_view pattern);

/// `workspaces/jobs` for `/subscriptions/{s}/…/providers/{provider}/workspaces/{w}/jobs/{j}`.
std::string resource_type(std::string_view pattern, std::string_view provider);

}  // namespace aml::emulator
