#pragma once

#include "core/context.hpp"
#include "entra/grant_store.hpp"

namespace aml::emulator {

/// Entra ID as far as sign-in needs it: token endpoint (client credentials, device code, refresh
/// token), device codes with a page to approve them, OpenID metadata. Source: Microsoft identity
/// platform v2.0; `azure/wire.md` section 1.
class Entra final {
public:
    explicit Entra(Context& context);

    /// Adds all its routes to the context's router.
    void add_routes();

private:
    Reply token(const Request& request);
    Reply client_credentials(const Request& request, const Query& form);
    Reply device_token(const Request& request, const Query& form);
    Reply refresh(const Request& request, const Query& form);
    Reply user_reply(const Request& request,
                     const std::string& client_id,
                     const std::string& scope);
    Reply device_code(const Request& request);
    Reply openid_configuration(const Request& request);
    Reply login_page(const Request& request);
    Reply login_step(const Request& request);
    Reply revoke(const Request& request);

    /// The form's value. Throws: Refused (AADSTS900144) when it is missing.
    static std::string required(const Request& request, const Query& form, std::string_view name);
    /// Throws: Refused (AADSTS90002) for a tenant that is not ours.
    void check_tenant(const Request& request) const;
    Caller user() const;

    Context& context_;
    GrantStore grants_;
};

}  // namespace aml::emulator
