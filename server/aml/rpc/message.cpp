#include "rpc/message.hpp"

#include "protocol/protocol.gen.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace aml::rpc {
namespace {

constexpr int request_failed = -32803;
constexpr int method_not_found = -32601;
constexpr int request_cancelled = -32800;
constexpr int server_cancelled = -32802;

int code_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::ParseError:
            return -32700;
        case ErrorKind::InvalidRequest:
            return -32600;
        case ErrorKind::MethodNotFound:
            return method_not_found;
        case ErrorKind::InvalidParams:
            return -32602;
        case ErrorKind::InternalError:
            return -32603;
        case ErrorKind::NotInitialized:
            return -32002;
        case ErrorKind::Cancelled:
            return request_cancelled;
        default:
            return request_failed;
    }
}

std::optional<ErrorKind> kind_named(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(ErrorKind::AzureFailed); ++i) {
        const auto kind = static_cast<ErrorKind>(i);
        if (to_string(kind) == name) return kind;
    }
    return std::nullopt;
}

Json to_json(const Id& id) {
    return std::visit([](const auto& value) { return Json(value); }, id);
}

Message parse_response(Json json, std::optional<Id> id) {
    Response response{std::move(id), nullptr, std::nullopt};
    const auto error = json.find("error");
    if (error == json.end()) {
        response.result = std::move(json["result"]);
        return response;
    }
    if (!error->is_object())
        return Malformed{std::nullopt, "The error of a response must be an object."};
    ResponseError read;
    const auto code = error->find("code");
    if (code != error->end() && code->is_number_integer()) read.code = code->get<int>();
    read.message = text_of(*error, "message");
    if (error->contains("data")) read.data = std::move((*error)["data"]);
    response.error = std::move(read);
    return response;
}

Json data_of(const Error& error) {
    const auto& details = error.details();
    protocol::ErrorData data;
    data.kind = to_string(error.kind());
    data.httpStatus = details.http_status;
    if (!details.azure_code.empty()) data.azureCode = details.azure_code;
    if (!details.request_id.empty()) data.requestId = details.request_id;
    if (details.retry_after && details.retry_after->count() >= 0) {
        data.retryAfterMs = static_cast<std::uint64_t>(details.retry_after->count());
    }
    return protocol::encode(data);
}

}  // namespace

std::optional<Id> read_id(const Json& json) {
    if (!json.is_object()) return std::nullopt;
    const auto found = json.find("id");
    if (found == json.end()) return std::nullopt;
    if (found->is_string()) return found->get<std::string>();
    if (found->is_number_integer()) return found->get<std::int64_t>();
    return std::nullopt;
}

std::string to_string(const Id& id) {
    if (const auto* number = std::get_if<std::int64_t>(&id)) return std::to_string(*number);
    return fmt::format("\"{}\"", std::get<std::string>(id));
}

Message parse_message(Json json) {
    if (json.is_array()) return Malformed{std::nullopt, "Batches are not supported."};
    if (!json.is_object()) return Malformed{std::nullopt, "A message must be a JSON object."};
    auto id = read_id(json);
    const auto version = json.find("jsonrpc");
    if (version == json.end() || *version != "2.0")
        return Malformed{id, R"(A message must have "jsonrpc": "2.0".)"};
    const auto method = json.find("method");
    if (method == json.end()) {
        if (json.contains("result") || json.contains("error"))
            return parse_response(std::move(json), std::move(id));
        return Malformed{id, "A message must have a method, a result or an error."};
    }
    if (!method->is_string()) return Malformed{id, "The method must be a string."};
    if (!id && json.contains("id"))
        return Malformed{id, "The id must be a string or a whole number."};
    auto name = method->get<std::string>();
    Json params = json.contains("params") ? std::move(json["params"]) : Json();
    if (!params.is_null() && !params.is_structured())
        return Malformed{id, "The params must be an object or an array."};
    if (id) return Request{std::move(*id), std::move(name), std::move(params)};
    return Notification{std::move(name), std::move(params)};
}

Json to_json(const Request& request) {
    Json json{{"jsonrpc", "2.0"}, {"id", to_json(request.id)}, {"method", request.method}};
    if (!request.params.is_null()) json["params"] = request.params;
    return json;
}

Json to_json(const Notification& notification) {
    Json json{{"jsonrpc", "2.0"}, {"method", notification.method}};
    if (!notification.params.is_null()) json["params"] = notification.params;
    return json;
}

Json to_json(const Response& response) {
    Json json{{"jsonrpc", "2.0"}, {"id", response.id ? to_json(*response.id) : Json()}};
    if (!response.error) {
        json["result"] = response.result;
        return json;
    }
    Json error{{"code", response.error->code}, {"message", response.error->message}};
    if (!response.error->data.is_null()) error["data"] = response.error->data;
    json["error"] = std::move(error);
    return json;
}

ResponseError to_response_error(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const Error& known) {
        return {code_of(known.kind()), known.message(), data_of(known)};
    } catch (...) {
        const Error bug(ErrorKind::InternalError,
                        localize("Something went wrong inside the server; its log says more."));
        return {code_of(bug.kind()), bug.message(), data_of(bug)};
    }
}

Error from_response_error(const ResponseError& error, std::string_view method) {
    auto text = localize("The editor could not do {}: {}", method, error.message);
    if (error.code == method_not_found) return {ErrorKind::MethodNotFound, std::move(text)};
    if (error.code == request_cancelled || error.code == server_cancelled) return cancelled();
    // A failure that the other side explains in our terms is passed on as it is.
    if (const auto kind = text_member(error.data, "kind")) {
        if (const auto known = kind_named(*kind)) return {*known, error.message};
    }
    return {ErrorKind::Unavailable, std::move(text)};
}

}  // namespace aml::rpc
