#pragma once

#include <string>
#include <string_view>

namespace aml::emulator {

/// A `scope` parameter taken apart.
struct Scopes {
    /// The one resource asked for, `https://management.azure.com`; "" when only OpenID scopes were
    /// named.
    std::string resource;
    /// The part behind the resource: `.default`, `user_impersonation`.
    std::string permission;
    bool openid = false;
    bool offline_access = false;
    /// Two different resources were named.
    bool ambiguous = false;
};

/// Splits at blanks. `https://management.azure.com//.default` names the resource
/// `https://management.azure.com/`.
Scopes parse_scopes(std::string_view scope);

/// Is it a resource this emulator issues tokens for?
bool is_known_resource(std::string_view resource);

}  // namespace aml::emulator
