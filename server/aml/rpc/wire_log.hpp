#pragma once

#include "rpc/message.hpp"
#include "support/log.hpp"

#include <chrono>
#include <optional>
#include <string_view>

/// What passes over the wire, as log lines: names and times at `info`, redacted bodies at `debug`.
namespace aml::rpc {

/// From the client, or to it.
enum class Way { In, Out };

void log_request(const Log& log, Way way, const Request& request);
void log_notification(const Log& log, Way way, const Notification& notification);
/// `method` is that of the request, where it is known; `took` how long the answer took.
void log_reply(const Log& log,
               Way way,
               const Response& response,
               std::string_view method = {},
               std::optional<std::chrono::milliseconds> took = std::nullopt);

/// JSON text on one line; bytes that are not UTF-8 are replaced rather than refused.
std::string to_text(const Json& json);

}  // namespace aml::rpc
