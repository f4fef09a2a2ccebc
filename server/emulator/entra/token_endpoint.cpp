#include "core/digest.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "core/tokens.hpp"
#include "entra/entra.hpp"
#include "entra/entra_error.hpp"
#include "entra/scopes.hpp"

#include <fmt/format.h>

namespace aml::emulator {
namespace {

constexpr std::string_view device_grant = "urn:ietf:params:oauth:grant-type:device_code";

struct ClientSecret {
    std::string id;
    std::string secret;
};

/// From the form (client_secret_post) or the Authorization header (client_secret_basic).
ClientSecret read_client(const Request& request, const Query& form) {
    ClientSecret client{form.get("client_id"), form.get("client_secret")};
    const auto& header = request.headers.get("Authorization");
    if (!starts_with_text(header, "Basic ")) return client;
    const auto pair = base64_decode(std::string_view(header).substr(6)).value_or("");
    const auto colon = pair.find(':');
    if (colon == std::string::npos) return client;
    return {percent_decode(pair.substr(0, colon)), percent_decode(pair.substr(colon + 1))};
}

Scopes read_scopes(const Request& request, const std::string& scope) {
    auto scopes = parse_scopes(scope);
    if (scopes.ambiguous) {
        throw entra_error(
            request,
            400,
            "invalid_scope",
            28000,
            fmt::format("Provided value for the input parameter scope is not valid because it "
                        "contains more than one resource. Scope {} is not valid.",
                        scope));
    }
    if (!scopes.resource.empty() && !is_known_resource(scopes.resource)) {
        throw entra_error(request,
                          400,
                          "invalid_resource",
                          500011,
                          fmt::format("The resource principal named {} was not found in the tenant "
                                      "named Demo. This can happen if the application has not been "
                                      "installed by the administrator of the tenant or consented "
                                      "to by any user in the tenant.",
                                      scopes.resource));
    }
    return scopes;
}

/// The authentication contexts that `claims` of a token request ask for.
json contexts_of(const Query& form) {
    const auto claims = json::parse(form.get("claims"), nullptr, false);
    if (!claims.is_object()) return json::array();
    const auto pointer = json::json_pointer("/access_token/acrs");
    const auto wanted = claims.contains(pointer) ? claims.at(pointer) : json::object();
    if (wanted.contains("values")) return wanted.at("values");
    return wanted.contains("value") ? json::array({wanted.at("value")}) : json::array();
}

/// The token with the contexts that were asked for, as if the person had proved them.
std::string with_contexts(const TokenService& tokens, std::string token, const json& contexts) {
    if (contexts.empty()) return token;
    auto claims = tokens.read(token).value_or(json::object());
    claims["acrs"] = contexts;
    return tokens.sign(claims);
}

/// Throws: Refused when the tenant asks for a second factor that was not proved, or lets nobody in.
void check_policy(const Request& request, const Tenant& tenant) {
    if (tenant.policy == SignInPolicy::SecondFactor) {
        throw entra_error(
            request,
            400,
            "interaction_required",
            50076,
            fmt::format("Due to a configuration change made by your administrator, or because you "
                        "moved to a new location, you must use multi-factor authentication to "
                        "access '{}'.",
                        tenant.id));
    }
    if (tenant.policy == SignInPolicy::Blocked) {
        throw entra_error(request,
                          400,
                          "invalid_grant",
                          53003,
                          "Access has been blocked by Conditional Access policies. The access "
                          "policy does not allow token issuance.");
    }
}

/// Throws: Refused unless the secret is that of the application.
void check_secret(const Request& request, const Identity& identity, const ClientSecret& client) {
    if (client.secret.empty()) {
        throw entra_error(request,
                          401,
                          "invalid_client",
                          7000218,
                          "The request body must contain the following parameter: "
                          "'client_assertion' or 'client_secret'.");
    }
    if (client.secret != identity.client_secret) {
        throw entra_error(
            request,
            401,
            "invalid_client",
            7000215,
            fmt::format("Invalid client secret provided. Ensure the secret being sent in the "
                        "request is the client secret value, not the client "
                        "secret ID, for a secret added to app '{}'.",
                        identity.client_id));
    }
}

/// Throws: Refused unless the grant is there and waits or was approved.
void check_device_grant(const Request& request,
                        const std::optional<DeviceGrant>& grant,
                        const std::string& client_id,
                        Time now) {
    if (!grant || !same_text(grant->client_id, client_id)) {
        throw entra_error(request,
                          400,
                          "bad_verification_code",
                          70019,
                          "The provided value for the input parameter 'device_code' is not valid.");
    }
    if (grant->state == DeviceGrant::State::Redeemed) {
        throw entra_error(request,
                          400,
                          "invalid_grant",
                          54005,
                          "OAuth2 Authorization code was already redeemed, please retry with a new "
                          "valid code or use an existing refresh token.");
    }
    if (grant->state == DeviceGrant::State::Declined) {
        throw entra_error(
            request,
            400,
            "authorization_declined",
            70017,
            "OAuth 2.0 device flow error. The end user denied the authorization request.");
    }
    if (now >= grant->expires) {
        throw entra_error(request,
                          400,
                          "expired_token",
                          70020,
                          "The provided value for the input parameter 'device_code' is not valid. "
                          "This code has expired.");
    }
}

}  // namespace

void Entra::check_application(const Request& request, const std::string& client_id) const {
    const bool ours = same_text(tenant_of(request).id, context_.identity.tenant_id);
    if (ours && same_text(client_id, context_.identity.client_id)) return;
    throw entra_error(
        request,
        400,
        "unauthorized_client",
        700016,
        fmt::format(
            "Application with identifier '{}' was not found in the directory '{}'. This can "
            "happen if the application has not been installed by the administrator of the "
            "tenant or consented to by any user in the tenant. You may have sent your "
            "authentication request to the wrong tenant.",
            client_id,
            tenant_of(request).name));
}

void Entra::check_proof(const Request& request, const Query& form, const std::string& client_id) {
    if (form.get("client_assertion").empty()) {
        check_secret(request, context_.identity, read_client(request, form));
        return;
    }
    const auto tenant = tenant_of(request).id;
    const AssertionContext expected{
        client_id,
        {fmt::format("{}/{}/oauth2/v2.0/token", request.base_url, tenant),
         fmt::format("{}/{}/oauth2/v2.0/token", context_.base_url, tenant),
         fmt::format("{}/{}/v2.0", context_.base_url, tenant)},
        context_.clock.now()};
    credentials_.check(request, form.get("client_assertion"), expected);
}

Reply Entra::token(const Request& request) {
    tenant_of(request);
    const auto form = Query::parse(request.body);
    const auto grant = required(request, form, "grant_type");
    if (grant == "client_credentials") return client_credentials(request, form);
    if (grant == device_grant || grant == "device_code") return device_token(request, form);
    if (grant == "refresh_token") return refresh(request, form);
    throw entra_error(request,
                      400,
                      "unsupported_grant_type",
                      70003,
                      fmt::format("The app requested an unsupported grant type '{}'.", grant));
}

Reply Entra::client_credentials(const Request& request, const Query& form) {
    const auto& identity = context_.identity;
    const auto client = read_client(request, form);
    if (client.id.empty()) required(request, form, "client_id");
    check_application(request, client.id);
    check_proof(request, form, client.id);
    const auto scope = required(request, form, "scope");
    const auto scopes = read_scopes(request, scope);
    if (scopes.resource.empty() || scopes.permission != ".default") {
        throw entra_error(
            request,
            400,
            "invalid_scope",
            1002012,
            fmt::format("The provided value for scope {} is not valid. Client credential flows "
                        "must have a scope value with /.default suffixed to "
                        "the resource identifier (application ID URI).",
                        scope));
    }
    const auto lifetime = context_.settings.token_lifetime;
    const Caller caller{
        identity.tenant_id, identity.application_object_id, "aml-demo", "Application"};
    json reply{
        {"token_type", "Bearer"},
        {"expires_in", lifetime.count()},
        {"ext_expires_in", lifetime.count()},
        {"access_token",
         with_contexts(
             context_.tokens,
             context_.tokens.issue(
                 caller, scopes.resource, identity.client_id, context_.clock.now(), lifetime),
             contexts_of(form))}};
    // Tokens that live long come with the time to renew them.
    if (lifetime >= std::chrono::hours(2)) reply["refresh_in"] = lifetime.count() / 2;
    return Reply::of_json(reply);
}

Reply Entra::device_token(const Request& request, const Query& form) {
    const auto client_id = required(request, form, "client_id");
    const auto code =
        form.get("device_code").empty() ? required(request, form, "code") : form.get("device_code");
    const auto now = context_.clock.now();
    auto grant = grants_.find_device(code);
    check_device_grant(request, grant, client_id, now);
    if (grant->state == DeviceGrant::State::Approved) {
        const auto tenant = tenant_of(request);
        if (tenant.policy == SignInPolicy::Blocked) check_policy(request, tenant);
        grant->state = DeviceGrant::State::Redeemed;
        Transaction transaction(context_.store);
        grants_.update(*grant);
        auto reply = user_reply(request, form, client_id, grant->scope);
        transaction.commit();
        return reply;
    }
    // A little early is forgiven: clients measure the interval from when the last answer came.
    const bool too_soon =
        grant->polled && now - *grant->polled < std::chrono::milliseconds(grant->interval * 700);
    grant->polled = now;
    if (too_soon) grant->interval += 5;
    grants_.update(*grant);
    if (too_soon)
        throw entra_error(request,
                          400,
                          "slow_down",
                          70018,
                          "OAuth 2.0 device flow error. The client polls too often.");
    throw entra_error(request,
                      400,
                      "authorization_pending",
                      70016,
                      "OAuth 2.0 device flow error. Authorization is pending. Continue polling.");
}

Reply Entra::refresh(const Request& request, const Query& form) {
    const auto client_id = required(request, form, "client_id");
    const auto grant = grants_.find_refresh(required(request, form, "refresh_token"));
    if (!grant || !same_text(grant->client_id, client_id)) {
        throw entra_error(request,
                          400,
                          "invalid_grant",
                          9002313,
                          "Invalid request. Request is malformed or invalid.");
    }
    if (grant->revoked) {
        throw entra_error(request,
                          400,
                          "invalid_grant",
                          50173,
                          "The provided grant has expired due to it being revoked, a fresh auth "
                          "token is needed. The user might have changed or reset their password.");
    }
    // What was proved in a tenant stays proved there.
    const auto tenant = tenant_of(request);
    if (grant->tenant != tenant.id) check_policy(request, tenant);
    const auto scope = form.get("scope").empty() ? grant->scope : form.get("scope");
    // A refresh token always comes with a new one.
    return user_reply(request, form, client_id, scope + " offline_access");
}

Reply Entra::user_reply(const Request& request,
                        const Query& form,
                        const std::string& client_id,
                        const std::string& scope) {
    const auto scopes = read_scopes(request, scope);
    const auto tenant = tenant_of(request);
    const auto now = context_.clock.now();
    const auto lifetime = context_.settings.token_lifetime;
    const auto& identity = context_.identity;
    const auto resource = scopes.resource.empty() ? "https://graph.microsoft.com" : scopes.resource;
    json reply{
        {"token_type", "Bearer"},
        {"scope", fmt::format("{0}/user_impersonation {0}/.default", resource)},
        {"expires_in", lifetime.count()},
        {"ext_expires_in", lifetime.count()},
        {"access_token",
         with_contexts(context_.tokens,
                       context_.tokens.issue(user(tenant), resource, client_id, now, lifetime),
                       contexts_of(form))}};
    if (scopes.offline_access) {
        const auto token = grants_.add_refresh({client_id, scope, false, tenant.id}, now);
        note_issued(context_.store, token);
        reply["refresh_token"] = token;
    }
    if (scopes.openid) {
        const auto seconds = to_millis(now) / 1000;
        reply["id_token"] =
            context_.tokens.sign({{"aud", client_id},
                                  {"iss", fmt::format("{}/{}/v2.0", context_.base_url, tenant.id)},
                                  {"iat", seconds},
                                  {"nbf", seconds},
                                  {"exp", seconds + lifetime.count()},
                                  {"name", identity.user_name},
                                  {"oid", identity.user_object_id},
                                  {"sub", identity.user_object_id},
                                  {"preferred_username", identity.user_principal_name},
                                  {"tid", tenant.id},
                                  {"ver", "2.0"}});
    }
    return Reply::of_json(reply);
}

}  // namespace aml::emulator
