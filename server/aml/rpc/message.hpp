#pragma once

#include "support/error.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

/// The JSON-RPC 2.0 envelope as LSP 3.17 uses it. Source: https://www.jsonrpc.org/specification,
/// LSP "Base Protocol".
namespace aml::rpc {

using Json = nlohmann::json;

/// Echoed in the form in which it was received.
using Id = std::variant<std::int64_t, std::string>;

/// For logs: `4` or `"four"`.
std::string to_string(const Id& id);

/// The `id` member of an object; absent if there is none or it is not an id.
std::optional<Id> read_id(const Json& json);

struct Request {
    Id id;
    std::string method;
    Json params;
};

struct Notification {
    std::string method;
    Json params;
};

/// The `error` of a response.
struct ResponseError {
    int code = 0;
    std::string message;
    Json data;
};

struct Response {
    /// Absent (null on the wire) when the request could not be read.
    std::optional<Id> id;
    Json result;
    std::optional<ResponseError> error;
};

/// A JSON value that is not a message, and what to answer.
struct Malformed {
    std::optional<Id> id;
    std::string message;
};

using Message = std::variant<Request, Notification, Response, Malformed>;

/// Sorts a JSON value into one of the message forms; never throws. Batches are Malformed: LSP has
/// none.
Message parse_message(Json json);

Json to_json(const Request& request);
Json to_json(const Notification& notification);
Json to_json(const Response& response);

/// The error object for an exception: the one place where failures become JSON-RPC codes.
/// `data` has the failure's kind and what else is known. An exception that is not ours becomes
/// InternalError.
ResponseError to_response_error(const std::exception_ptr& error);

/// What the other side's error means here; `method` names the request for the message.
Error from_response_error(const ResponseError& error, std::string_view method);

}  // namespace aml::rpc
