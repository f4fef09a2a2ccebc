#include "web/authentication.hpp"

#include "core/digest.hpp"
#include "core/text.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace aml::emulator {
namespace {

/// Is a token for `audience` good at `surface`?
bool accepts(Surface surface, std::string_view audience) {
    while (audience.ends_with('/')) audience.remove_suffix(1);
    if (is_own_address(audience)) return true;
    constexpr std::array<std::string_view, 4> arm{"https://management.azure.com",
                                                  "https://management.core.windows.net",
                                                  "https://management.chinacloudapi.cn",
                                                  "https://management.usgovcloudapi.net"};
    constexpr std::array<std::string_view, 4> ml{"https://ml.azure.com",
                                                 "https://ml.azure.cn",
                                                 "https://ml.azure.us",
                                                 TokenService::run_audience};
    const auto in = [&](const auto& list) {
        return std::find(list.begin(), list.end(), audience) != list.end();
    };
    switch (surface) {
        case Surface::Arm:
            return in(arm);
        case Surface::DataPlane:
        case Surface::Page:
            return in(arm) || in(ml);
        case Surface::Blob:
            return audience == "https://storage.azure.com";
        case Surface::Entra:
            return true;
    }
    return false;
}

}  // namespace

Authentication::Authentication(Store& store,
                               const Tenants& tenants,
                               const TokenService& tokens,
                               std::string tenant)
    : store_(store),
      tenants_(tenants),
      tokens_(tokens),
      tenant_(std::move(tenant)) {}

Caller Authentication::authenticate(const Request& request, Surface surface, Time now) const {
    const auto& header = request.headers.get("Authorization");
    if (!starts_with_text(header, "Bearer ")) {
        throw unauthorized(request,
                           surface,
                           "AuthenticationFailed",
                           "Authentication failed. The 'Authorization' header is missing.");
    }
    const auto claims = tokens_.read(std::string_view(header).substr(7));
    if (!claims)
        throw unauthorized(
            request, surface, "InvalidAuthenticationToken", "The access token is invalid.");
    check_claims(request, surface, *claims, now);
    check_context(request, surface, *claims);
    Caller caller;
    caller.tenant = claims->value("tid", "");
    caller.object_id = claims->value("oid", "");
    caller.type = claims->value("idtyp", "app") == "user" ? "User" : "Application";
    caller.name = claims->value(caller.type == "User" ? "name" : "app_displayname", "");
    return caller;
}

Refused Authentication::unauthorized(const Request& request,
                                     Surface surface,
                                     std::string_view code,
                                     std::string_view message) const {
    auto reply = surface_error(request, surface, 401, code, message).reply();
    // Parts of the challenge: [MS-OAPXBC] style as ARM sends it; clients read the authority from
    // it.
    reply.headers.set("WWW-Authenticate",
                      fmt::format("Bearer authorization_uri=\"{0}/{1}\", error=\"invalid_token\", "
                                  "error_description=\"{2}\"",
                                  request.base_url,
                                  tenant_,
                                  message));
    return Refused(std::move(reply));
}

void Authentication::check_claims(const Request& request,
                                  Surface surface,
                                  const json& claims,
                                  Time now) const {
    const auto audience = claims.value("aud", "");
    if (!accepts(surface, audience)) {
        throw unauthorized(
            request,
            surface,
            "InvalidAuthenticationTokenAudience",
            fmt::format("The access token has been obtained for wrong audience or resource '{}'. "
                        "It should exactly match "
                        "with one of the allowed audiences 'https://management.core.windows.net/',"
                        "'https://management.azure.com/','{}/'.",
                        audience,
                        request.base_url));
    }
    const auto issuer = claims.value("tid", "");
    if (issuer != tenant_ && !tenants_.find(issuer)) {
        throw unauthorized(
            request,
            surface,
            "InvalidAuthenticationTokenTenant",
            fmt::format("The access token is from the wrong issuer 'https://sts.windows.net/{}/'. "
                        "It must match the "
                        "tenant 'https://sts.windows.net/{}/' associated with this subscription.",
                        claims.value("tid", ""),
                        tenant_));
    }
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    if (const auto expiry = claims.value("exp", std::int64_t{0}); expiry <= seconds) {
        throw unauthorized(
            request,
            surface,
            "ExpiredAuthenticationToken",
            fmt::format(
                "The access token expiry UTC time '{}' is earlier than current UTC time '{}'.",
                iso_seconds(from_millis(expiry * 1000)),
                iso_seconds(now)));
    }
}

void Authentication::check_context(const Request& request,
                                   Surface surface,
                                   const json& claims) const {
    const bool writes = request.method != "GET" && request.method != "HEAD";
    if (surface != Surface::Arm || !writes) return;
    const auto required = store_.fact("required_context");
    if (!required) return;
    const auto proved = claims.value("acrs", json::array());
    if (std::find(proved.begin(), proved.end(), json(*required)) != proved.end()) return;
    const json wanted{
        {"access_token", {{"acrs", {{"essential", true}, {"values", json::array({*required})}}}}}};
    auto reply = surface_error(request,
                               surface,
                               401,
                               "RequestDisallowedByAzure",
                               "Multifactor authentication is required to change resources.")
                     .reply();
    reply.headers.set(
        "WWW-Authenticate",
        fmt::format("Bearer realm=\"\", authorization_uri=\"{}/common/oauth2/authorize\", "
                    "error=\"insufficient_claims\", claims=\"{}\"",
                    request.base_url,
                    base64_encode(wanted.dump())));
    throw Refused(std::move(reply));
}

}  // namespace aml::emulator
