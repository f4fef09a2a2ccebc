#include "web/errors.hpp"

#include "core/digest.hpp"
#include "core/error_response.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

#include <fmt/format.h>

namespace aml::emulator {
namespace {

Reply error_reply(int status, const json& body) {
    auto reply = Reply::of_json(body, status);
    if (status == 429 || status == 503) reply.headers.set("Retry-After", "1");
    return reply;
}

json info(std::string_view type, json value) {
    return {{"type", type}, {"info", {{"value", std::move(value)}}}};
}

/// 32 and 16 hex digits out of the request id, as the services' correlation pair has them.
json correlation(const Request& request) {
    const auto digest = hex(sha256(request.request_id));
    return {{"operation", digest.substr(0, 32)}, {"request", digest.substr(32, 16)}};
}

}  // namespace

Refused arm_error(int status, std::string_view code, std::string_view message) {
    auto reply = error_reply(status, {{"error", {{"code", code}, {"message", message}}}});
    reply.headers.set("x-ms-failure-cause", "gateway");
    return Refused(std::move(reply));
}

Refused provider_error(int status, std::string_view code, std::string_view message, json details) {
    const json body{{"error",
                     {{"code", code},
                      {"message", message},
                      {"target", nullptr},
                      {"details", std::move(details)},
                      {"additionalInfo", json::array()}}}};
    auto reply = error_reply(status, body);
    reply.headers.set("x-ms-response-type", "error");
    return Refused(std::move(reply));
}

Refused ml_error(const Request& request,
                 int status,
                 std::string_view code,
                 std::string_view message,
                 const std::vector<std::string>& inner,
                 json details) {
    const json additional{info("ComponentName", "managementfrontend"),
                          info("Correlation", correlation(request)),
                          info("Environment", "local"),
                          info("Location", "local"),
                          info("Time", iso_time(request.received)),
                          info("InnerError", inner_error(inner))};
    const json body{{"error",
                     {{"code", code},
                      {"message", message},
                      {"target", nullptr},
                      {"details", std::move(details)},
                      {"additionalInfo", additional}}}};
    auto reply = error_reply(status, body);
    reply.headers.set("x-ms-response-type", "error");
    return Refused(std::move(reply));
}

Refused data_error(const Request& request,
                   int status,
                   std::string_view code,
                   std::string_view message,
                   const std::vector<std::string>& inner,
                   std::string_view component) {
    auto body = error_response(code, message, inner, component, request.received);
    body["correlation"] = correlation(request);
    auto reply = error_reply(status, body);
    reply.headers.set("x-ms-response-type", "error");
    return Refused(std::move(reply));
}

Refused blob_error(const Request& request,
                   int status,
                   std::string_view code,
                   std::string_view message) {
    // A BOM precedes the declaration in real replies; parsers written for them expect nothing else.
    auto text = fmt::format(
        "\xEF\xBB\xBF<?xml version=\"1.0\" "
        "encoding=\"utf-8\"?><Error><Code>{}</Code><Message>{}\nRequestId:{}\nTime:{}"
        "</Message></Error>",
        xml_escape(code),
        xml_escape(message),
        request.request_id,
        iso_time(request.received));
    auto reply = Reply::of_text(std::move(text), "application/xml", status);
    reply.headers.set("x-ms-error-code", std::string(code));
    return Refused(std::move(reply));
}

Refused surface_error(const Request& request,
                      Surface surface,
                      int status,
                      std::string_view code,
                      std::string_view message) {
    switch (surface) {
        case Surface::Arm:
            return arm_error(status, code, message);
        case Surface::DataPlane:
            return data_error(request,
                              status,
                              status < 500 ? "UserError" : "ServiceError",
                              message,
                              {std::string(code)},
                              "gateway");
        case Surface::Blob:
            return blob_error(request, status, code, message);
        case Surface::Entra:
            return Refused(Reply::of_json(
                {{"error", to_lower(code)}, {"error_description", message}}, status));
        case Surface::Page:
            break;
    }
    return Refused(
        Reply::of_text(fmt::format("<!doctype html><title>{0}</title><h1>{0}</h1><p>{1}</p>\n",
                                   status,
                                   html_escape(message)),
                       "text/html; charset=utf-8",
                       status));
}

}  // namespace aml::emulator
