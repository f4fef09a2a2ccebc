#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "async/task_group.hpp"
#include "support/log.hpp"
#include "web/message.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>

namespace boost::asio::ssl {
class context;
}

namespace aml::emulator {

/// What the HTTP server tolerates. The times are the machine's, whatever the clock of the service.
struct ServerLimits {
    /// Request line and header fields together; more is answered with 431.
    std::size_t header_bytes = 64 * 1024;
    /// Connections beyond this many are closed at once.
    std::size_t connections = 1024;
    /// How long a connection may stay silent, in the middle of a request or between two.
    std::chrono::milliseconds idle{60'000};
    /// How long shutdown waits for requests under way.
    std::chrono::milliseconds drain{5'000};
};

/// Answers one request. Called once per request; requests of one connection come one after the
/// other.
using Service = std::function<asio::awaitable<Reply>(Request&, BodyReader&)>;

/// HTTP/1.1, with or without TLS, on the loopback interface: keep-alive, pipelining, Expect:
/// 100-continue, HEAD, half-closed clients, streamed bodies both ways. Runs on the loop; one
/// coroutine per connection.
class Server final {
public:
    /// `clock` and `pool`, which reads the files that replies are made of, outlive the loop's work.
    /// `tls` absent: plain HTTP; else HTTPS and nothing else.
    Server(asio::io_context& loop,
           async::Clock& clock,
           asio::thread_pool& pool,
           ServerLimits limits,
           Log log,
           std::shared_ptr<boost::asio::ssl::context> tls = nullptr);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds 127.0.0.1:`port` (0 = any free one) and returns the port. Throws: Unavailable, naming
    /// the port, when it is in use.
    unsigned short listen(unsigned short port);

    /// Accepts connections until `stop` fires, then closes idle ones and waits for requests under
    /// way (ServerLimits::drain).
    asio::awaitable<void> run(Service service, std::stop_token stop);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace aml::emulator
