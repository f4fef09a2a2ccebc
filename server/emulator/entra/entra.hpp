#pragma once

#include "core/context.hpp"
#include "entra/application_credentials.hpp"
#include "entra/grant_store.hpp"
#include "web/router.hpp"

namespace aml::emulator {

/// Entra ID as far as sign-in needs it: token endpoint (client credentials with a secret, a
/// certificate or a federated token; device code; refresh token), device codes with a page to
/// approve them, OpenID metadata, and the credentials of the application. Source: Microsoft
/// identity platform v2.0, Microsoft Graph v1.0 application.
class Entra final {
public:
    Entra(Context& context, Router& router);

    /// Adds all its routes to the router.
    void add_routes();

private:
    Reply token(const Request& request);
    Reply client_credentials(const Request& request, const Query& form);
    Reply device_token(const Request& request, const Query& form);
    Reply refresh(const Request& request, const Query& form);
    Reply user_reply(const Request& request,
                     const Query& form,
                     const std::string& client_id,
                     const std::string& scope);
    Reply device_code(const Request& request);
    Reply openid_configuration(const Request& request);
    Reply login_page(const Request& request);
    Reply login_step(const Request& request);
    Reply revoke(const Request& request);
    /// Every token and secret given out, for tests.
    Reply list_issued(const Request& request);
    Reply update_application(const Request& request);
    Reply add_federated_credential(const Request& request);

    /// The form's value. Throws: Refused (AADSTS900144) when it is missing.
    static std::string required(const Request& request, const Query& form, std::string_view name);
    /// The tenant of the path: ours for `common` and `organizations`. Throws: Refused (AADSTS90002)
    /// when there is no such tenant.
    Tenant tenant_of(const Request& request) const;
    Caller user(const Tenant& tenant) const;
    /// Throws: Refused (700016) in tenants that do not know the application.
    void check_application(const Request& request, const std::string& client_id) const;
    void check_proof(const Request& request, const Query& form, const std::string& client_id);

    Context& context_;
    Router& router_;
    GrantStore grants_;
    ApplicationCredentials credentials_;
};

}  // namespace aml::emulator
