#include "web/server.hpp"

#include "platform/stream.hpp"
#include "support/error.hpp"
#include "web/session.hpp"

#include <boost/asio/redirect_error.hpp>
#include <fmt/format.h>

#include <cstdint>

namespace aml::emulator {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

/// Jobs outlive the emulator: one that had its sockets would keep the port, and clients waiting.
template <typename Socket>
void keep(Socket& socket) {
    platform::keep_to_this_process(static_cast<std::intptr_t>(socket.native_handle()));
}

}  // namespace

struct Server::State {
    State(asio::io_context& loop, SessionHost shared)
        : acceptor(loop),
          host(std::move(shared)),
          connections(loop.get_executor(), [this](std::exception_ptr error) {
              host.log.error("connection: {}", describe(error));
          }) {}

    /// Holds the state: a request that outlasts the drain ends with the loop, after the server.
    static asio::awaitable<void> serve(std::shared_ptr<State> state,
                                       std::unique_ptr<Session> session) {
        co_await session->serve();
        session.reset();
        state.reset();
    }

    tcp::acceptor acceptor;
    SessionHost host;
    async::TaskGroup connections;
};

Server::Server(asio::io_context& loop,
               async::Clock& clock,
               asio::thread_pool& pool,
               ServerLimits limits,
               Log log,
               std::shared_ptr<boost::asio::ssl::context> tls) {
    SessionHost host{limits, {}, clock, pool, std::move(log), std::move(tls), {}, false};
    state_ = std::make_shared<State>(loop, std::move(host));
}

Server::~Server() = default;

unsigned short Server::listen(unsigned short port) {
    auto& acceptor = state_->acceptor;
    const tcp::endpoint endpoint(boost::asio::ip::address_v4::loopback(), port);
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) platform::own_address(static_cast<std::intptr_t>(acceptor.native_handle()));
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
    if (error) {
        // So that another port may be tried.
        error_code ignored;
        acceptor.close(ignored);
    }
    if (error == boost::asio::error::address_in_use) {
        throw Error(
            ErrorKind::Unavailable,
            fmt::format("Port {} is in use. Choose another --port, or 0 for any free one.", port));
    }
    if (error)
        throw Error(ErrorKind::Unavailable,
                    fmt::format("Cannot listen on port {}: {}.", port, error.message()));
    keep(acceptor);
    return acceptor.local_endpoint().port();
}

asio::awaitable<void> Server::run(Service service, std::stop_token stop) {
    auto& state = *state_;
    state.host.service = std::move(service);
    auto on_stop = [&state] {
        error_code ignored;
        state.acceptor.close(ignored);
        state.host.stopping = true;
        const auto open = state.host.open;
        for (auto* session : open) session->close_if_idle();
    };
    std::stop_callback closing(stop, on_stop);
    while (!stop.stop_requested()) {
        error_code error;
        auto socket =
            co_await state.acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (error) {
            if (!state.acceptor.is_open()) break;
            // Out of descriptors: new connections wait in the backlog for a moment.
            asio::steady_timer pause(co_await asio::this_coro::executor);
            pause.expires_after(std::chrono::milliseconds(50));
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
            continue;
        }
        keep(socket);
        if (state.connections.size() >= state.host.limits.connections) continue;
        auto session = std::make_unique<Session>(std::move(socket), state.host);
        auto serving = State::serve(state_, std::move(session));
        state.connections.spawn(std::move(serving));
    }
    asio::steady_timer deadline(co_await asio::this_coro::executor, state.host.limits.drain);
    std::stop_source give_up;
    auto expire = [give_up](error_code error) mutable {
        if (!error) give_up.request_stop();
    };
    deadline.async_wait(expire);
    try {
        co_await state.connections.join(give_up.get_token());
    } catch (const Error&) {
        state.host.log.info("{} requests were still under way at shutdown",
                            state.connections.size());
    }
}

}  // namespace aml::emulator
