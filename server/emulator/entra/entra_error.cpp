#include "entra/entra_error.hpp"

#include "core/time.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::emulator {

Refused entra_error(const Request& request,
                    int status,
                    std::string_view error,
                    int code,
                    std::string_view message) {
    const auto& client_id = request.headers.get("client-request-id");
    const auto correlation = client_id.empty() ? request.request_id : client_id;
    auto timestamp = iso_seconds(request.received);
    std::replace(timestamp.begin(), timestamp.end(), 'T', ' ');
    const json body{
        {"error", error},
        {"error_description",
         fmt::format("AADSTS{}: {} Trace ID: {} Correlation ID: {} Timestamp: {}",
                     code,
                     message,
                     request.request_id,
                     correlation,
                     timestamp)},
        {"error_codes", json::array({code})},
        {"timestamp", timestamp},
        {"trace_id", request.request_id},
        {"correlation_id", correlation},
        {"error_uri", fmt::format("https://login.microsoftonline.com/error?code={}", code)}};
    return Refused(Reply::of_json(body, status));
}

}  // namespace aml::emulator
