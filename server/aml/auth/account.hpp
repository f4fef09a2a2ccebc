#pragma once

#include "support/secret.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace aml::auth {

/// Who a token is for. For display only: the claims are not verified, and need not be.
struct Account {
    /// Sign-in name, else display name, else application id.
    std::string name{};
    /// Tenant GUID.
    std::string tenant{};
    /// Object id in the tenant.
    std::string object_id{};
    /// A service principal rather than a person.
    bool application = false;

    bool operator==(const Account&) const = default;
};

/// Reads a token's claims. Empty when it is not a readable JWT.
/// Source: Microsoft identity platform access token claims (upn, unique_name, preferred_username,
/// name, appid, tid, oid).
std::optional<Account> account_of(const Secret& token);

}  // namespace aml::auth
