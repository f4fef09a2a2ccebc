#include "core/tokens.hpp"

#include "core/errors.hpp"
#include "core/issued.hpp"
#include "core/openssl.hpp"
#include "core/tenants.hpp"
#include "core/text.hpp"
#include "support/error.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>

namespace aml::emulator {

bool is_own_address(std::string_view resource) {
    constexpr std::array<std::string_view, 5> own{"http://127.0.0.1:",
                                                  "http://localhost:",
                                                  "https://127.0.0.1:",
                                                  "https://localhost:",
                                                  "https://azure.test:"};
    const auto begins = [resource](std::string_view start) { return resource.starts_with(start); };
    return std::any_of(own.begin(), own.end(), begins);
}

namespace {

constexpr std::string_view key_id = "aml-emulator-1";

std::string to_pem(EVP_PKEY* key) {
    const openssl::Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

openssl::Key from_pem(const std::string& pem) {
    const openssl::Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return openssl::Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

std::string number_of(EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key, name, &number);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
    BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
    BN_free(number);
    return bytes;
}

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

Refused unauthorized(const Request& request,
                     Surface surface,
                     std::string_view tenant,
                     std::string_view code,
                     std::string_view message) {
    auto reply = surface_error(request, surface, 401, code, message).reply();
    // Parts of the challenge: [MS-OAPXBC] style as ARM sends it; clients read the authority from
    // it.
    reply.headers.set("WWW-Authenticate",
                      fmt::format("Bearer authorization_uri=\"{0}/{1}\", error=\"invalid_token\", "
                                  "error_description=\"{2}\"",
                                  request.base_url,
                                  tenant,
                                  message));
    return Refused(std::move(reply));
}

/// Throws: Refused for a wrong audience or tenant, or past the expiry.
void check_claims(const Request& request,
                  Surface surface,
                  std::string_view tenant,
                  const Tenants& tenants,
                  const json& claims,
                  Time now) {
    const auto audience = claims.value("aud", "");
    if (!accepts(surface, audience)) {
        throw unauthorized(
            request,
            surface,
            tenant,
            "InvalidAuthenticationTokenAudience",
            fmt::format("The access token has been obtained for wrong audience or resource '{}'. "
                        "It should exactly match "
                        "with one of the allowed audiences 'https://management.core.windows.net/',"
                        "'https://management.azure.com/','{}/'.",
                        audience,
                        request.base_url));
    }
    const auto issuer = claims.value("tid", "");
    if (issuer != tenant && !tenants.find(issuer)) {
        throw unauthorized(
            request,
            surface,
            tenant,
            "InvalidAuthenticationTokenTenant",
            fmt::format("The access token is from the wrong issuer 'https://sts.windows.net/{}/'. "
                        "It must match the "
                        "tenant 'https://sts.windows.net/{}/' associated with this subscription.",
                        claims.value("tid", ""),
                        tenant));
    }
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    if (const auto expiry = claims.value("exp", std::int64_t{0}); expiry <= seconds) {
        throw unauthorized(
            request,
            surface,
            tenant,
            "ExpiredAuthenticationToken",
            fmt::format(
                "The access token expiry UTC time '{}' is earlier than current UTC time '{}'.",
                iso_seconds(from_millis(expiry * 1000)),
                iso_seconds(now)));
    }
}

/// Throws: Refused with a claims challenge when the seed asks for an authentication context before
/// anything is changed, and the token does not prove it.
void check_context(Store& store, const Request& request, Surface surface, const json& claims) {
    const bool writes = request.method != "GET" && request.method != "HEAD";
    if (surface != Surface::Arm || !writes) return;
    const auto required = store.fact("required_context");
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

}  // namespace

struct TokenService::Key {
    explicit Key(Store& keeper)
        : store(keeper),
          tenants(keeper) {}

    Store& store;
    Tenants tenants;
    openssl::Key pair;
};

TokenService::TokenService(Store& store)
    : key_(std::make_unique<Key>(store)) {
    key_->tenants.prepare();
    if (const auto pem = store.fact("token_key")) {
        key_->pair = from_pem(*pem);
    } else {
        key_->pair.reset(EVP_RSA_gen(2048));
        if (key_->pair) store.set_fact("token_key", to_pem(key_->pair.get()));
    }
    if (!key_->pair)
        throw Error(ErrorKind::Unavailable,
                    "The token signing key of the state is damaged. Choose another --state.");
}

TokenService::~TokenService() = default;

std::string TokenService::sign(const json& claims) const {
    const json header{{"typ", "JWT"}, {"alg", "RS256"}, {"kid", key_id}};
    auto token =
        fmt::format("{}.{}", base64url_encode(header.dump()), base64url_encode(claims.dump()));
    const openssl::Digest context(EVP_MD_CTX_new());
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_->pair.get())), '\0');
    std::size_t size = signature.size();
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->pair.get()) != 1 ||
        EVP_DigestSign(context.get(),
                       reinterpret_cast<unsigned char*>(signature.data()),
                       &size,
                       openssl::bytes_of(token),
                       token.size()) != 1) {
        throw Error(ErrorKind::InternalError, "Cannot sign a token.");
    }
    signature.resize(size);
    token += "." + base64url_encode(signature);
    note_issued(key_->store, token);
    return token;
}

std::string TokenService::issue(const Caller& caller,
                                std::string_view audience,
                                std::string_view application_id,
                                Time now,
                                std::chrono::seconds lifetime) const {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    const bool is_user = caller.type == "User";
    json claims{{"aud", audience},
                {"iss", fmt::format("https://sts.windows.net/{}/", caller.tenant)},
                {"iat", seconds},
                {"nbf", seconds},
                {"exp", seconds + lifetime.count()},
                {"tid", caller.tenant},
                {"oid", caller.object_id},
                {"sub", caller.object_id},
                {"appid", application_id},
                {"idtyp", is_user ? "user" : "app"},
                // Distinguishes tokens issued within one second.
                {"uti", base64url_encode(random_bytes(16))},
                {"ver", "1.0"}};
    claims[is_user ? "name" : "app_displayname"] = caller.name;
    return sign(claims);
}

std::string TokenService::issue_run_token(const Caller& caller,
                                          std::string_view run_id,
                                          Time now) const {
    return issue(caller, run_audience, run_id, now, std::chrono::hours(24 * 21));
}

std::optional<json> TokenService::read(std::string_view token) const {
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    if (first == std::string_view::npos || first == last) return std::nullopt;
    const auto signature = base64url_decode(token.substr(last + 1));
    const auto payload = base64url_decode(token.substr(first + 1, last - first - 1));
    if (!signature || !payload) return std::nullopt;
    const auto text = token.substr(0, last);
    const openssl::Digest context(EVP_MD_CTX_new());
    if (EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->pair.get()) !=
            1 ||
        EVP_DigestVerify(context.get(),
                         openssl::bytes_of(*signature),
                         signature->size(),
                         openssl::bytes_of(text),
                         text.size()) != 1) {
        return std::nullopt;
    }
    auto claims = json::parse(*payload, nullptr, false);
    if (!claims.is_object()) return std::nullopt;
    return claims;
}

Caller TokenService::authenticate(const Request& request,
                                  Surface surface,
                                  std::string_view tenant,
                                  Time now) const {
    const auto& header = request.headers.get("Authorization");
    if (!starts_with_text(header, "Bearer ")) {
        throw unauthorized(request,
                           surface,
                           tenant,
                           "AuthenticationFailed",
                           "Authentication failed. The 'Authorization' header is missing.");
    }
    const auto claims = read(std::string_view(header).substr(7));
    if (!claims)
        throw unauthorized(
            request, surface, tenant, "InvalidAuthenticationToken", "The access token is invalid.");
    check_claims(request, surface, tenant, key_->tenants, *claims, now);
    check_context(key_->store, request, surface, *claims);
    Caller caller;
    caller.tenant = claims->value("tid", "");
    caller.object_id = claims->value("oid", "");
    caller.type = claims->value("idtyp", "app") == "user" ? "User" : "Application";
    caller.name = claims->value(caller.type == "User" ? "name" : "app_displayname", "");
    return caller;
}

json TokenService::key_set() const {
    return {{"keys",
             json::array(
                 {{{"kty", "RSA"},
                   {"use", "sig"},
                   {"alg", "RS256"},
                   {"kid", key_id},
                   {"n", base64url_encode(number_of(key_->pair.get(), OSSL_PKEY_PARAM_RSA_N))},
                   {"e", base64url_encode(number_of(key_->pair.get(), OSSL_PKEY_PARAM_RSA_E))}}})}};
}

}  // namespace aml::emulator
