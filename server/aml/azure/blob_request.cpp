#include "azure/blob_request.hpp"

#include "azure/errors.hpp"
#include "http/url.hpp"
#include "support/text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace aml::azure {
namespace {

/// The address of a container without what comes behind it; in the style of local emulators, that
/// of the account.
std::string place_of(const BlobAddress& address) {
    const auto url = http::parse_url(address.url.reveal());
    if (!url) return {};
    return url->origin() + url->path.substr(0, url->path.find('/', 1));
}

bool refuses_keys(const http::Response& response) {
    constexpr std::string_view code = "KeyBasedAuthenticationNotPermitted";
    if (http::succeeded(response)) return false;
    if (same_name(response.headers.get("x-ms-error-code").value_or(""), code)) return true;
    const auto error = parse_service_error(response.body);
    return error && same_name(error->code, code);
}

void add_token(const Client& client, http::Request& request, const std::string& subscription) {
    const auto now = std::chrono::system_clock::to_time_t(client.clock().now());
    request.headers.set("x-ms-date", fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now)));
    client.authorize(request, http::storage_scope, subscription);
}

/// Takes the address's own right out of the request.
void remove_signature(http::Request& request, const BlobAddress& address) {
    const auto& whole = address.url.reveal();
    auto rest = request.url.substr(whole.size());
    if (!rest.empty()) rest.front() = '?';
    request.url = whole.substr(0, whole.find('?')) + rest;
}

bool is_signed(const BlobAddress& address) {
    return address.url.reveal().find('?') != std::string::npos;
}

}  // namespace

http::Request blob_request(const Client& client,
                           http::Method method,
                           LocalizedText operation,
                           const BlobAddress& address,
                           const Query& query) {
    http::Request request;
    request.method = method;
    request.operation = std::move(operation);
    // The address may be the permission: it goes into the request and, redacted, into logs.
    request.url = http::with_query(address.url.reveal(), query);
    // A block may take its time on a slow line; one that stands still ends sooner, in the
    // transport.
    if (method == http::Method::Put) request.timeout = std::chrono::minutes(10);
    request.headers.set("x-ms-version", std::string(api_version::storage));
    if (!is_signed(address) && !address.subscription.empty())
        add_token(client, request, address.subscription);
    return request;
}

asio::awaitable<http::Response> send_blob(Client& client,
                                          http::Request request,
                                          BlobAddress address,
                                          std::stop_token stop) {
    const bool may_use_token = is_signed(address) && !address.subscription.empty();
    const auto place = place_of(address);
    if (!may_use_token || !client.refuses_keys(place)) {
        auto response = co_await client.send_raw(request, stop);
        if (!may_use_token || !refuses_keys(response)) co_return response;
        client.note_keyless(place);
    }
    remove_signature(request, address);
    add_token(client, request, address.subscription);
    auto second = co_await client.send_raw(std::move(request), std::move(stop));
    co_return second;
}

}  // namespace aml::azure
