#include "azure/blob_request.hpp"

#include "http/url.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace aml::azure {

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
    if (!address.subscription.empty()) {
        const auto now = std::chrono::system_clock::to_time_t(client.clock().now());
        request.headers.set("x-ms-date",
                            fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now)));
        client.authorize(request, http::storage_scope, address.subscription);
    }
    return request;
}

}  // namespace aml::azure
