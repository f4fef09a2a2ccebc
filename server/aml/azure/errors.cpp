#include "azure/errors.hpp"

#include "azure/explanation.hpp"
#include "http/policies.hpp"
#include "http/url.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <chrono>

namespace aml::azure {
namespace {

constexpr std::size_t longest_reason = 400;

enum class Length { FirstLine, FirstSentence };

/// Azure's message without its last full stop.
std::string brief(std::string message, Length length) {
    message = message.substr(0, message.find_first_of("\r\n"));
    if (length == Length::FirstSentence) message = message.substr(0, message.find(". "));
    if (message.size() > longest_reason) {
        auto end = longest_reason;
        while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;
        message = message.substr(0, end) + "…";
    }
    while (message.ends_with('.') || message.ends_with(' ')) message.pop_back();
    return message;
}

LocalizedText plain_reason(int status) {
    switch (status) {
        case 401:
            return localize("the service does not accept the sign-in");
        case 403:
            return localize("access is denied");
        case 404:
            return localize("it does not exist");
        case 409:
        case 412:
            return localize("it is being changed by someone else, or exists already");
        case 408:
        case 504:
            return localize("the service did not answer in time");
        case 429:
            return localize("Azure limits the number of requests");
        case 500:
        case 502:
        case 503:
            return localize("the service has a problem");
        default:
            return localize("the service answered with HTTP status {}", status);
    }
}

/// What helps with errors of a kind of which nothing more is known.
LocalizedText general_remedy(ErrorKind kind, int status) {
    if (status >= 500) return localize("try again in a few minutes");
    switch (kind) {
        case ErrorKind::NotSignedIn:
            return localize("sign in again");
        case ErrorKind::Forbidden:
            return localize("ask the owner of the workspace for access");
        case ErrorKind::Throttled:
            return localize("wait a moment and try again");
        default:
            return {};
    }
}

/// Somebody else answers: a network that wants a sign-in of its own, or a wrong address.
std::string redirect_reason(const http::Response& response) {
    const auto target = http::parse_url(response.headers.get("Location").value_or(""));
    return localize("the answer is a redirect to {}, which is not followed",
                    target ? target->origin() : localize("another place").shown());
}

ErrorDetails details_of(const http::Response& response, async::Clock::TimePoint now) {
    ErrorDetails details;
    details.http_status = response.status;
    details.retry_after = http::retry_after(response.headers, now);
    for (const auto* name : {"x-ms-request-id", "x-ms-correlation-request-id", "x-request-id"}) {
        if (!details.request_id.empty()) break;
        details.request_id = response.headers.get(name).value_or("");
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
               const LocalizedText& operation,
               ErrorDetails details) {
    details.azure_code = error.inner_code.empty() ? error.code : error.inner_code;
    const int status = details.http_status.value_or(0);
    const auto known = explain(error, status);
    auto [reason, remedy] = known.value_or(Explanation{});
    if (reason.empty())
        reason = brief(error.message, known ? Length::FirstSentence : Length::FirstLine);
    if (reason.empty())
        reason = status != 0 ? plain_reason(status) : localize("Azure gives no reason");
    if (!known) remedy = general_remedy(kind, status);
    if (kind == ErrorKind::Throttled && details.retry_after) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*details.retry_after).count();
        if (seconds > 0) remedy = localize("try again in {} seconds", seconds);
    }
    auto message = remedy.empty() ? localize("Cannot {}: {}.", operation, reason)
                                  : localize("Cannot {}: {}; {}.", operation, reason, remedy);
    return {kind, std::move(message), std::move(details)};
}

Error error_of(const http::Response& response,
               const LocalizedText& operation,
               async::Clock::TimePoint now) {
    auto error = parse_service_error(response.body).value_or(ServiceError{});
    const auto header = response.headers.get("x-ms-error-code");
    if (error.code.empty() && header) error.code = *header;
    if (response.status >= 300 && response.status < 400 && error.message.empty())
        error.message = redirect_reason(response);
    return error_of(error, kind_of_status(response.status), operation, details_of(response, now));
}

bool container_missing(const http::Response& response) {
    if (response.status != 404) return false;
    const auto error = parse_service_error(response.body).value_or(ServiceError{});
    for (const auto* code :
         {"SubscriptionNotFound", "ResourceGroupNotFound", "ParentResourceNotFound"}) {
        if (same_name(error.code, code) || same_name(error.inner_code, code)) return true;
    }
    return response.headers.get("x-ms-failure-cause") == "gateway";
}

}  // namespace aml::azure
