#pragma once

#include "async/asio.hpp"
#include "http/request.hpp"

#include <stop_token>

namespace aml::http {

/// Sends one request and receives its whole answer; the last step of every pipeline.
class Transport {
public:
    virtual ~Transport() = default;
    /// Throws: TimedOut, Unavailable (with the cause: name resolution, refused, TLS, reset);
    /// Cancelled when `stop` fires first. Redirects are not followed; any HTTP status is a normal
    /// return. What comes compressed because the request asked for that (`Accept-Encoding`) is
    /// returned as it was before.
    virtual asio::awaitable<Response> send(Request request, std::stop_token stop) = 0;
};

}  // namespace aml::http
