#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace aml {

/// Why an operation failed, in the terms a caller can act on. `rpc::Connection` maps it to a
/// JSON-RPC code.
enum class ErrorKind {
    ParseError,
    InvalidRequest,
    MethodNotFound,
    InvalidParams,
    InternalError,
    NotInitialized,
    Cancelled,
    NotSignedIn,
    Forbidden,
    NotFound,
    Conflict,
    Rejected,
    Throttled,
    TimedOut,
    Unavailable,
    AzureFailed,
};

/// The enumerator's name, as it appears in `error.data.kind` on the wire.
std::string_view to_string(ErrorKind kind);

/// What is known about a failure besides its message. Everything is optional.
struct ErrorDetails {
    std::optional<int> http_status;
    /// Azure's machine-readable reason, the deepest one found (`error.code` or `innerError.code`).
    std::string azure_code;
    /// Value of `x-ms-request-id`, for a support case.
    std::string request_id;
    /// How long the service asked us to wait.
    std::optional<std::chrono::milliseconds> retry_after;
};

/// The only exception type this project throws.
/// `what()` is for the user, in the user's language and without secrets: a sentence, sometimes
/// several, that says what failed and, if possible, what to do next.
class Error final : public std::exception {
public:
    Error(ErrorKind kind, std::string message, ErrorDetails details = {});

    ErrorKind kind() const noexcept { return kind_; }

    const std::string& message() const noexcept { return message_; }

    const ErrorDetails& details() const noexcept { return details_; }

    const char* what() const noexcept override { return message_.c_str(); }

    /// The same failure with `context` put before the message: "context: message".
    Error with_context(std::string_view context) const;

private:
    ErrorKind kind_;
    std::string message_;
    ErrorDetails details_;
};

/// The text of any exception, for logs: an `Error`'s message, a `std::exception`'s `what()`, or
/// "unknown error".
std::string describe(const std::exception_ptr& error);

/// An `Error` of kind Cancelled, as thrown wherever a stop token fires.
Error cancelled();

}  // namespace aml
