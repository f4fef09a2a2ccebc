#include "http/base64.hpp"
#include "http/policies.hpp"
#include "http/url.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>

namespace aml::http {
namespace {

/// The claims, in Base64, of a challenge such as `Bearer realm="", error="insufficient_claims",
/// claims="eyJ…"`.
std::string claims_of(const std::string& challenge) {
    const auto lowered = lower(challenge);
    const auto start = lowered.find("claims=\"");
    if (start == std::string::npos) return {};
    const auto value = start + std::string_view("claims=\"").size();
    const auto end = challenge.find('"', value);
    if (end == std::string::npos) return {};
    auto claims = challenge.substr(value, end - value);
    return base64_decode(claims) ? claims : std::string();
}

/// The tenant of the resource, which the challenge names when the token was one of another tenant:
/// `Bearer authorization_uri="https://login.microsoftonline.com/{tenant}", …`.
std::string tenant_of(const Response& response, const std::string& challenge) {
    if (response.body.find("\"InvalidAuthenticationTokenTenant\"") == std::string::npos) return {};
    const auto lowered = lower(challenge);
    constexpr std::string_view name = "authorization_uri=\"";
    const auto start = lowered.find(name);
    if (start == std::string::npos) return {};
    const auto end = challenge.find('"', start + name.size());
    const auto url = parse_url(challenge.substr(start + name.size(), end - start - name.size()));
    if (!url) return {};
    auto tenant = url->path.substr(1);
    tenant = tenant.substr(0, tenant.find('/'));
    const bool plain = tenant.find_first_not_of("0123456789abcdefABCDEF-") == std::string::npos;
    return plain ? tenant : std::string();
}

class BearerTokenPolicy final : public Policy {
public:
    BearerTokenPolicy(Credential& credential, TrustedHosts trusted)
        : credential_(credential),
          trusted_(std::move(trusted)) {}

    asio::awaitable<Response> send(Request request, Next next, Context context) override {
        if (request.scope.empty()) {
            auto anonymous = co_await next.send(std::move(request), std::move(context));
            co_return anonymous;
        }
        require_trust(request);
        TokenRequest wanted;
        wanted.scope = request.scope;
        wanted.tenant = request.tenant;
        wanted.account = request.account;
        auto token = co_await authorize(request, wanted, context.stop);
        if (!request.user_scope.empty()) co_await add_user_token(request, wanted, context.stop);
        auto response = co_await next.send(request, context);
        const auto challenge = response.headers.get("WWW-Authenticate");
        if (response.status != 401 || !challenge) co_return response;
        wanted.refused = std::move(token);
        wanted.claims = claims_of(*challenge);
        auto tenant = tenant_of(response, *challenge);
        if (!tenant.empty()) wanted.tenant = tenant;
        co_await authorize(request, wanted, context.stop);
        auto second = co_await next.send(std::move(request), std::move(context));
        if (second.status != 401) second.tenant = std::move(tenant);
        co_return second;
    }

private:
    void require_trust(const Request& request) const {
        if (trusted_.trusts(request.url, request.scope)) return;
        const auto url = parse_url(request.url);
        throw Error(
            ErrorKind::InternalError,
            localize("Refusing to send a sign-in token to {}, which is not part of this cloud.",
                     url ? LocalizedText(url->origin()) : localize("an unreadable address")));
    }

    /// Puts a token into the request, and answers with it.
    asio::awaitable<Secret> authorize(Request& request, TokenRequest wanted, std::stop_token stop) {
        const auto token = co_await credential_.token(std::move(wanted), std::move(stop));
        // The token has to go into the request: this is where.
        request.headers.set("Authorization", "Bearer " + token.value.reveal());
        co_return token.value;
    }

    asio::awaitable<void> add_user_token(Request& request,
                                         TokenRequest wanted,
                                         std::stop_token stop) {
        wanted.scope = request.user_scope;
        const auto token = co_await credential_.token(std::move(wanted), std::move(stop));
        request.headers.set("x-azureml-token", token.value.reveal());
    }

    Credential& credential_;
    TrustedHosts trusted_;
};

}  // namespace

bool TrustedHosts::trusts(std::string_view address, std::string_view scope) const {
    const auto url = parse_url(address);
    if (!url) return false;
    if (url->scheme == "http" && !is_loopback(url->host)) return false;
    if (loopback && is_loopback(url->host)) return true;
    const auto lies_in = [&url](const std::string& domain) {
        return url->scheme == "https" && (url->host == domain || url->host.ends_with('.' + domain));
    };
    if (!storage_scope.empty() && scope == storage_scope) return lies_in(storage_domain);
    const auto origin = url->origin();
    const auto same = [&origin](const std::string& known) {
        const auto parsed = parse_url(known);
        return parsed && parsed->origin() == origin;
    };
    if (std::any_of(origins.begin(), origins.end(), same)) return true;
    return std::any_of(domains.begin(), domains.end(), lies_in);
}

std::unique_ptr<Policy> bearer_token_policy(Credential& credential, TrustedHosts trusted) {
    return std::make_unique<BearerTokenPolicy>(credential, std::move(trusted));
}

}  // namespace aml::http
