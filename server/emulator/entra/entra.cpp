#include "entra/entra.hpp"

#include "core/digest.hpp"
#include "core/text.hpp"
#include "core/tokens.hpp"
#include "entra/entra_error.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aml::emulator {
namespace {

constexpr std::string_view letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
constexpr std::chrono::seconds device_lifetime{900};

std::string new_user_code() {
    std::string code;
    for (const char c : random_bytes(9))
        code += letters[static_cast<unsigned char>(c) % letters.size()];
    return code;
}

bool is_guid(std::string_view text) {
    constexpr std::array<std::size_t, 4> dashes{8, 13, 18, 23};
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = std::find(dashes.begin(), dashes.end(), i) != dashes.end();
        if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0)
            return false;
    }
    return true;
}

}  // namespace

Entra::Entra(Context& context, Router& router)
    : context_(context),
      router_(router),
      grants_(context.store),
      credentials_(context.store) {}

void Entra::add_routes() {
    const auto add = [this](const char* method,
                            const char* pattern,
                            Reply (Entra::*handler)(const Request&),
                            Surface surface,
                            Auth auth) {
        Route route;
        route.method = method;
        route.pattern = pattern;
        route.surface = surface;
        route.auth = auth;
        route.handler = [this, handler](const Request& request) {
            return (this->*handler)(request);
        };
        router_.add(std::move(route));
    };
    add("POST", "/{tenant}/oauth2/v2.0/token", &Entra::token, Surface::Entra, Auth::None);
    add("POST",
        "/{tenant}/oauth2/v2.0/devicecode",
        &Entra::device_code,
        Surface::Entra,
        Auth::None);
    add("GET",
        "/{tenant}/v2.0/.well-known/openid-configuration",
        &Entra::openid_configuration,
        Surface::Entra,
        Auth::None);
    add("GET", "/devicelogin", &Entra::login_page, Surface::Page, Auth::None);
    add("POST", "/devicelogin", &Entra::login_step, Surface::Page, Auth::None);
    add("POST", "/v1.0/me/revokeSignInSessions", &Entra::revoke, Surface::Entra, Auth::Bearer);
    add("GET", "/emulator/issued", &Entra::list_issued, Surface::Page, Auth::None);
    add("PATCH",
        "/v1.0/applications/{application}",
        &Entra::update_application,
        Surface::Entra,
        Auth::Bearer);
    add("POST",
        "/v1.0/applications/{application}/federatedIdentityCredentials",
        &Entra::add_federated_credential,
        Surface::Entra,
        Auth::Bearer);
    Route keys;
    keys.method = "GET";
    keys.pattern = "/{tenant}/discovery/v2.0/keys";
    keys.surface = Surface::Entra;
    keys.auth = Auth::None;
    keys.handler = [this](const Request&) { return Reply::of_json(context_.tokens.key_set()); };
    router_.add(std::move(keys));
}

std::string Entra::required(const Request& request, const Query& form, std::string_view name) {
    const auto& value = form.get(name);
    if (value.empty()) {
        throw entra_error(
            request,
            400,
            "invalid_request",
            900144,
            fmt::format("The request body must contain the following parameter: '{}'.", name));
    }
    return value;
}

Tenant Entra::tenant_of(const Request& request) const {
    const auto& wanted = request.param("tenant");
    const auto& identity = context_.identity;
    const auto domain =
        identity.user_principal_name.substr(identity.user_principal_name.find('@') + 1);
    for (const auto& known :
         {identity.tenant_id, domain, std::string("common"), std::string("organizations")}) {
        if (same_text(wanted, known)) return {identity.tenant_id, "Demo", domain};
    }
    if (auto guest = context_.tenants.find(wanted)) return std::move(*guest);
    throw entra_error(request,
                      400,
                      "invalid_request",
                      90002,
                      fmt::format("Tenant '{}' not found. Check to make sure you have the correct "
                                  "tenant ID and are signing into the correct cloud. "
                                  "Check with your subscription administrator, this may happen if "
                                  "there are no active subscriptions for the tenant.",
                                  wanted));
}

Caller Entra::user(const Tenant& tenant) const {
    const auto& identity = context_.identity;
    return {tenant.id, identity.user_object_id, identity.user_name, "User"};
}

Reply Entra::device_code(const Request& request) {
    tenant_of(request);
    const auto form = Query::parse(request.body);
    DeviceGrant grant;
    grant.client_id = required(request, form, "client_id");
    grant.scope = required(request, form, "scope");
    if (!is_guid(grant.client_id)) {
        throw entra_error(
            request,
            400,
            "unauthorized_client",
            700038,
            fmt::format("{} is not a valid application identifier.", grant.client_id));
    }
    const auto now = context_.clock.now();
    grants_.remove_expired(now - std::chrono::hours(24));
    grant.device_code = "D" + base64url_encode(random_bytes(96));
    grant.user_code = new_user_code();
    grant.expires = now + device_lifetime;
    grants_.add(grant);
    note_issued(context_.store, grant.device_code);
    const auto page = context_.base_url + "/devicelogin";
    return Reply::of_json({{"user_code", grant.user_code},
                           {"device_code", grant.device_code},
                           {"verification_uri", page},
                           {"expires_in", device_lifetime.count()},
                           {"interval", grant.interval},
                           {"message",
                            fmt::format("To sign in, use a web browser to open the page {} and "
                                        "enter the code {} to authenticate.",
                                        page,
                                        grant.user_code)}});
}

Reply Entra::openid_configuration(const Request& request) {
    tenant_of(request);
    const auto base = fmt::format("{}/{}", context_.base_url, request.param("tenant"));
    return Reply::of_json(
        {{"token_endpoint", base + "/oauth2/v2.0/token"},
         {"token_endpoint_auth_methods_supported",
          {"client_secret_post", "private_key_jwt", "client_secret_basic"}},
         {"jwks_uri", base + "/discovery/v2.0/keys"},
         {"response_types_supported", {"token", "id_token"}},
         {"grant_types_supported",
          {"client_credentials", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"}},
         {"subject_types_supported", json::array({"pairwise"})},
         {"id_token_signing_alg_values_supported", json::array({"RS256"})},
         {"scopes_supported", {"openid", "profile", "email", "offline_access"}},
         {"issuer", fmt::format("{}/{}/v2.0", context_.base_url, context_.identity.tenant_id)},
         {"authorization_endpoint", base + "/oauth2/v2.0/authorize"},
         {"device_authorization_endpoint", base + "/oauth2/v2.0/devicecode"},
         {"claims_supported",
          {"sub", "iss", "aud", "exp", "iat", "name", "oid", "tid", "preferred_username", "ver"}},
         {"tenant_region_scope", nullptr},
         {"cloud_instance_name", "localhost"}});
}

Reply Entra::update_application(const Request& request) {
    std::vector<std::string> certificates;
    const auto body = request.json_body();
    const auto credentials = body.value("keyCredentials", json::array());
    for (const auto& credential : credentials)
        certificates.push_back(base64_decode(text_at(credential, "key")).value_or(""));
    if (!credentials_.set_certificates(certificates)) {
        throw surface_error(
            request, Surface::Page, 400, "KeyCredentialsInvalid", "A key is no certificate.");
    }
    return Reply::empty(204);
}

Reply Entra::add_federated_credential(const Request& request) {
    const auto body = request.json_body();
    FederatedCredential credential;
    credential.name = text_at(body, "name");
    credential.issuer = text_at(body, "issuer");
    credential.subject = text_at(body, "subject");
    const auto audiences = body.value("audiences", json::array({"api://AzureADTokenExchange"}));
    const bool named = audiences.is_array() && !audiences.empty() && audiences.front().is_string();
    credential.audience = named ? audiences.front().get<std::string>() : "";
    credential.public_key = text_at(body, "publicKey");
    credentials_.add(credential);
    return Reply::of_json({{"id", context_.random.uuid()},
                           {"name", credential.name},
                           {"issuer", credential.issuer},
                           {"subject", credential.subject},
                           {"audiences", audiences}},
                          201);
}

Reply Entra::list_issued(const Request& request) {
    if (!lists_issued(context_.store)) {
        throw surface_error(
            request, Surface::Page, 404, "NotFound", "The seed does not ask for this list.");
    }
    return Reply::of_json(issued(context_.store));
}

Reply Entra::revoke(const Request&) {
    grants_.revoke_all();
    return Reply::of_json(
        {{"@odata.context", "https://graph.microsoft.com/v1.0/$metadata#Edm.Boolean"},
         {"value", true}});
}

}  // namespace aml::emulator
