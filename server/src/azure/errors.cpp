#include "azure/errors.hpp"

#include "http/policies.hpp"

#include <fmt/format.h>

namespace aml::azure {
namespace {

constexpr std::size_t longest_reason = 400;

/// The first line of Azure's message without its last full stop.
std::string first_sentence(std::string message) {
    message = message.substr(0, message.find_first_of("\r\n"));
    if (message.size() > longest_reason) {
        auto end = longest_reason;
        while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;
        message = message.substr(0, end) + "…";
    }
    while (message.ends_with('.') || message.ends_with(' ')) message.pop_back();
    return message;
}

std::string plain_reason(int status) {
    switch (status) {
        case 401:
            return "the service does not accept the sign-in";
        case 403:
            return "access is denied";
        case 404:
            return "it does not exist";
        case 409:
        case 412:
            return "it is being changed by someone else, or exists already";
        case 408:
        case 504:
            return "the service did not answer in time";
        case 429:
            return "Azure limits the number of requests";
        case 500:
        case 502:
        case 503:
            return "the service has a problem";
        default:
            return fmt::format("the service answered with HTTP status {}", status);
    }
}

ErrorDetails details_of(const http::Response& response, async::Clock::TimePoint now) {
    ErrorDetails details;
    details.http_status = response.status;
    details.retry_after = http::retry_after(response.headers, now);
    for (const auto* name : {"x-ms-request-id", "x-ms-correlation-request-id", "x-request-id"}) {
        if (!details.request_id.empty()) break;
        details.request_id = response.headers.get(name).value_or("");
    }
    const auto challenge = response.headers.get("WWW-Authenticate").value_or("");
    const auto claims = challenge.find("claims=\"");
    if (claims != std::string::npos) {
        const auto start = claims + std::string_view("claims=\"").size();
        details.claims = challenge.substr(start, challenge.find('"', start) - start);
    }
    return details;
}

}  // namespace

ErrorKind kind_of_status(int status) {
    switch (status) {
        case 400:
        case 422:
            return ErrorKind::Rejected;
        case 401:
            return ErrorKind::NotSignedIn;
        case 403:
            return ErrorKind::Forbidden;
        case 404:
            return ErrorKind::NotFound;
        case 408:
        case 504:
            return ErrorKind::TimedOut;
        case 409:
        case 412:
            return ErrorKind::Conflict;
        case 429:
            return ErrorKind::Throttled;
        case 502:
        case 503:
            return ErrorKind::Unavailable;
        default:
            return ErrorKind::AzureFailed;
    }
}

Error error_of(const ServiceError& error,
               ErrorKind kind,
               std::string_view operation,
               ErrorDetails details) {
    details.azure_code = error.inner_code.empty() ? error.code : error.inner_code;
    auto reason = first_sentence(error.message);
    if (reason.empty()) {
        reason = details.http_status ? plain_reason(*details.http_status) : "Azure gives no reason";
    }
    auto message = fmt::format("Cannot {}: {}.", operation, reason);
    auto remedy = remedy_for(error);
    if (remedy.empty() && kind == ErrorKind::NotSignedIn) remedy = "Sign in again.";
    if (remedy.empty() && kind == ErrorKind::Throttled) remedy = "Wait a moment and try again.";
    if (!remedy.empty()) message += ' ' + remedy;
    return {kind, std::move(message), std::move(details)};
}

Error error_of(const http::Response& response,
               std::string_view operation,
               async::Clock::TimePoint now) {
    auto error = parse_service_error(response.body).value_or(ServiceError{});
    const auto header = response.headers.get("x-ms-error-code");
    if (error.code.empty() && header) error.code = *header;
    return error_of(error, kind_of_status(response.status), operation, details_of(response, now));
}

bool container_missing(const http::Response& response) {
    if (response.status != 404) return false;
    const auto error = parse_service_error(response.body).value_or(ServiceError{});
    for (const auto* code :
         {"SubscriptionNotFound", "ResourceGroupNotFound", "ParentResourceNotFound"}) {
        if (http::iequals(error.code, code) || http::iequals(error.inner_code, code)) return true;
    }
    return response.headers.get("x-ms-failure-cause") == "gateway";
}

}  // namespace aml::azure
