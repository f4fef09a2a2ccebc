#pragma once

#include "async/asio.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>

namespace aml::rpc {

/// Something arrived that is not JSON.
struct Unreadable {
    std::string message;
    /// True if nothing more can be read.
    bool fatal;
};

using Incoming = std::variant<nlohmann::json, Unreadable>;

/// Reads a message body. Unreadable: not JSON, not UTF-8, or nested deeper than 256 levels (which
/// could exhaust a stack).
Incoming parse_body(std::string_view body);

/// Carries JSON values to and from the other side; knows nothing of what they mean. Used on the
/// loop only.
class Transport {
public:
    virtual ~Transport() = default;

    /// The next value, in order of arrival; nothing when the other side will send no more.
    /// One receive at a time. Throws: Cancelled when `stop` fires first.
    virtual asio::awaitable<std::optional<Incoming>> receive(std::stop_token stop) = 0;

    /// Returns when the value was handed on; one send at a time. Throws: Unavailable when the other
    /// side is gone.
    virtual asio::awaitable<void> send(nlohmann::json message) = 0;
};

}  // namespace aml::rpc
