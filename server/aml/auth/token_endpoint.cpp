#include "auth/token_endpoint.hpp"

#include "auth/answer.hpp"
#include "http/base64.hpp"
#include "http/url.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

namespace aml::auth {
namespace {

using nlohmann::json;

std::string encode(const Form& form) {
    std::string body;
    for (const auto& [name, value] : form) {
        if (!body.empty()) body += '&';
        // The form is what the secret is for.
        body += name + '=' + http::percent_encode(value.reveal());
    }
    return body;
}

int aadsts_of(const json& answer, const std::string& description) {
    const auto codes = answer.find("error_codes");
    if (codes != answer.end() && codes->is_array() && !codes->empty() &&
        codes->front().is_number_integer()) {
        return codes->front().get<int>();
    }
    constexpr std::string_view prefix = "AADSTS";
    const auto start = description.find(prefix);
    if (start == std::string::npos) return 0;
    const auto digits = description.substr(start + prefix.size(), 9);
    const auto end = digits.find_first_not_of("0123456789");
    const auto number = digits.substr(0, end);
    return number.empty() ? 0 : std::stoi(number);
}

Error not_an_authority(const std::string& authority, int status) {
    ErrorDetails details;
    details.http_status = status;
    return {ErrorKind::AzureFailed,
            localize("The sign-in service {} gave an answer that is not one of a sign-in "
                     "service (HTTP status {}).",
                     authority,
                     status),
            details};
}

}  // namespace

void add_claims(Form& form, const http::TokenRequest& request) {
    if (request.claims.empty()) return;
    form.emplace_back("claims", Secret(http::base64_decode(request.claims).value_or("")));
}

TokenEndpoint::TokenEndpoint(const http::Pipeline& anonymous,
                             async::Clock& clock,
                             std::string authority)
    : anonymous_(anonymous),
      clock_(clock),
      authority_(std::move(authority)) {}

asio::awaitable<std::variant<json, OauthError>> TokenEndpoint::post(std::string url,
                                                                    Form form,
                                                                    std::stop_token stop) const {
    http::Request request;
    request.method = http::Method::Post;
    request.url = std::move(url);
    request.operation = localize("sign in");
    request.repeat = http::Repeat::Safe;
    request.timeout = std::chrono::seconds(30);
    request.headers.set("Accept", "application/json");
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.body = http::Body(encode(form));
    http::Response response;
    try {
        response = co_await anonymous_.send(std::move(request), std::move(stop));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Unavailable && error.kind() != ErrorKind::TimedOut) throw;
        // The code keeps the caller's own retries from repeating those made here.
        ErrorDetails details;
        details.azure_code = "AuthorityUnreachable";
        throw Error(error.kind(),
                    localize("Cannot reach the sign-in service. {}", error.message()),
                    details);
    }
    auto answer = json::parse(response.body, nullptr, false);
    if (response.status >= 500 || response.status == 429) {
        ErrorDetails details;
        details.http_status = response.status;
        throw Error(
            ErrorKind::Unavailable,
            localize("The sign-in service {} has a problem (HTTP status {}); try again later.",
                     authority_,
                     response.status),
            details);
    }
    if (!answer.is_object()) throw not_an_authority(authority_, response.status);
    if (http::succeeded(response)) co_return answer;
    OauthError refusal;
    refusal.error = text_of(answer, "error");
    refusal.description = text_of(answer, "error_description");
    refusal.claims = text_of(answer, "claims");
    refusal.aadsts = aadsts_of(answer, refusal.description);
    if (refusal.error.empty()) throw not_an_authority(authority_, response.status);
    co_return refusal;
}

std::string TokenEndpoint::token_url(const std::string& tenant) const {
    return fmt::format("{}/{}/oauth2/v2.0/token", authority_, http::percent_encode(tenant));
}

asio::awaitable<std::variant<Grant, OauthError>> TokenEndpoint::request_token(
    std::string tenant, Form form, std::stop_token stop) const {
    const auto answer = co_await post(token_url(tenant), std::move(form), std::move(stop));
    if (const auto* refusal = std::get_if<OauthError>(&answer)) co_return *refusal;
    const auto& body = std::get<json>(answer);
    Grant grant;
    grant.token.value = Secret(text_of(body, "access_token"));
    if (grant.token.value.empty()) throw not_an_authority(authority_, 200);
    const auto now = clock_.now();
    grant.token.expires_at = now + seconds_of(body, "expires_in").value_or(std::chrono::minutes(5));
    if (const auto refresh = seconds_of(body, "refresh_in"))
        grant.token.refresh_at = now + *refresh;
    grant.refresh_token = Secret(text_of(body, "refresh_token"));
    co_return grant;
}

asio::awaitable<std::variant<json, OauthError>> TokenEndpoint::request_device_code(
    std::string tenant, Form form, std::stop_token stop) const {
    auto url =
        fmt::format("{}/{}/oauth2/v2.0/devicecode", authority_, http::percent_encode(tenant));
    return post(std::move(url), std::move(form), std::move(stop));
}

}  // namespace aml::auth
