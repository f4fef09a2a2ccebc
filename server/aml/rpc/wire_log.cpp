#include "rpc/wire_log.hpp"

#include "protocol/codec.hpp"

namespace aml::rpc {
namespace {

std::string_view arrow(Way way) {
    return way == Way::In ? "<--" : "-->";
}

}  // namespace

std::string to_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void log_request(const Log& log, Way way, const Request& request) {
    log.info("{} {} #{}", arrow(way), request.method, to_string(request.id));
    if (!log.enabled(LogLevel::Debug)) return;
    log.debug("    {}", to_text(protocol::redact(request.method, "params", request.params)));
}

void log_notification(const Log& log, Way way, const Notification& notification) {
    if (!log.enabled(LogLevel::Debug)) return;
    const auto body = protocol::redact(notification.method, "params", notification.params);
    log.debug("{} {} {}", arrow(way), notification.method, to_text(body));
}

void log_reply(const Log& log,
               Way way,
               const Response& response,
               std::string_view method,
               std::optional<std::chrono::milliseconds> took) {
    if (!log.enabled(LogLevel::Info)) return;
    const auto id = response.id ? to_string(*response.id) : "null";
    const auto duration = took ? fmt::format(" {}ms", took->count()) : "";
    if (response.error) {
        const auto& error = *response.error;
        log.info(
            "{} reply #{}{} error {}: {}", arrow(way), id, duration, error.code, error.message);
        return;
    }
    log.info("{} reply #{}{} ok", arrow(way), id, duration);
    if (log.enabled(LogLevel::Debug))
        log.debug("    {}", to_text(protocol::redact(method, "result", response.result)));
}

}  // namespace aml::rpc
