#include "support/error.hpp"

#include "support/localize.hpp"

#include <utility>

namespace aml {

std::string_view to_string(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::ParseError:
            return "ParseError";
        case ErrorKind::InvalidRequest:
            return "InvalidRequest";
        case ErrorKind::MethodNotFound:
            return "MethodNotFound";
        case ErrorKind::InvalidParams:
            return "InvalidParams";
        case ErrorKind::InternalError:
            return "InternalError";
        case ErrorKind::NotInitialized:
            return "NotInitialized";
        case ErrorKind::Cancelled:
            return "Cancelled";
        case ErrorKind::NotSignedIn:
            return "NotSignedIn";
        case ErrorKind::Forbidden:
            return "Forbidden";
        case ErrorKind::NotFound:
            return "NotFound";
        case ErrorKind::Conflict:
            return "Conflict";
        case ErrorKind::Rejected:
            return "Rejected";
        case ErrorKind::Throttled:
            return "Throttled";
        case ErrorKind::TimedOut:
            return "TimedOut";
        case ErrorKind::Unavailable:
            return "Unavailable";
        case ErrorKind::AzureFailed:
            return "AzureFailed";
    }
    return "InternalError";
}

Error::Error(ErrorKind kind, std::string message, ErrorDetails details)
    : kind_(kind),
      message_(std::move(message)),
      details_(std::move(details)) {}

Error Error::with_context(std::string_view context) const {
    return {kind_, localize("{}: {}", context, message_), details_};
}

std::string describe(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& known) {
        return known.what();
    } catch (...) {
        return "unknown error";
    }
}

Error cancelled() {
    return {ErrorKind::Cancelled, localize("The operation was cancelled.")};
}

}  // namespace aml
