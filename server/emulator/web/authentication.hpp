#pragma once

#include "core/tenants.hpp"
#include "core/tokens.hpp"
#include "web/message.hpp"

#include <string>
#include <string_view>

namespace aml::emulator {

/// Tells from a request's token who calls.
class Authentication final {
public:
    /// Keeps the stores by reference. `tenant` is the one the emulator starts with.
    Authentication(Store& store,
                   const Tenants& tenants,
                   const TokenService& tokens,
                   std::string tenant);

    /// Checks `Authorization` for `surface`. Throws: Refused with Azure's 401 body and
    /// `WWW-Authenticate`.
    Caller authenticate(const Request& request, Surface surface, Time now) const;

private:
    /// Throws: Refused for a wrong audience or tenant, or past the expiry.
    void check_claims(const Request& request, Surface surface, const json& claims, Time now) const;
    /// Throws: Refused with a claims challenge when the seed asks for an authentication context
    /// before anything is changed, and the token does not prove it.
    void check_context(const Request& request, Surface surface, const json& claims) const;
    Refused unauthorized(const Request& request,
                         Surface surface,
                         std::string_view code,
                         std::string_view message) const;

    Store& store_;
    const Tenants& tenants_;
    const TokenService& tokens_;
    std::string tenant_;
};

}  // namespace aml::emulator
