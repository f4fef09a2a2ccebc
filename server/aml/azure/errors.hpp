#pragma once

#include "async/clock.hpp"
#include "http/request.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aml::azure {

/// The kind for an HTTP status: 401 NotSignedIn, 403 Forbidden, 404 NotFound, 409/412 Conflict,
/// 400/422 Rejected, 408/504 TimedOut, 429 Throttled, 502/503 Unavailable, else AzureFailed.
ErrorKind kind_of_status(int status);

/// What an error body says, whichever of Azure's shapes it has.
struct ServiceError {
    /// The outermost code, e.g. "UserError".
    std::string code{};
    /// The deepest code, e.g. "NotFoundError"; equal to `code` when there is nothing deeper.
    std::string inner_code{};
    std::string message{};
    /// Display name of the policy that forbids it (`additionalInfo[type=PolicyViolation]`).
    std::string policy{};
};

/// Reads the ARM, Azure ML, data plane, blob storage (XML) and MLflow forms. Empty when `body` is
/// none of them.
std::optional<ServiceError> parse_service_error(std::string_view body);
/// The same for JSON that is already parsed; accepts the object with or without the `error` around
/// it.
std::optional<ServiceError> service_error(const nlohmann::json& json);

/// The error for an answer that is not a success: "Cannot {operation}: {reason}; {remedy}.", from
/// `explain`, or else "Cannot {operation}: {reason}." in Azure's own words, with the deepest code,
/// the request id and the delay asked for. `operation` is an infinitive: "list the
/// workspaces".
Error error_of(const http::Response& response,
               const LocalizedText& operation,
               async::Clock::TimePoint now);

/// The error of a failed long-running operation.
Error error_of(const ServiceError& error,
               ErrorKind kind,
               const LocalizedText& operation,
               ErrorDetails details);

/// Whether a 404 is about what contains the resource (subscription, group, workspace) rather than
/// the resource.
bool container_missing(const http::Response& response);

}  // namespace aml::azure
