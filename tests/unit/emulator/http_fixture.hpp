#pragma once

#include "core/store.hpp"
#include "core/tokens.hpp"
#include "support/fake_clock.hpp"
#include "support/random.hpp"
#include "web/gateway.hpp"
#include "web/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <cstdlib>
#include <string>
#include <thread>

namespace aml::emulator::test {

/// A connection as a client sees it: bytes out, bytes in, blocking.
class Client final {
public:
    explicit Client(unsigned short port)
        : socket_(io_) {
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
    }

    void send(std::string_view bytes) {
        boost::asio::write(socket_, boost::asio::buffer(bytes.data(), bytes.size()));
    }

    void shut_down() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }

    /// One line without its end.
    std::string line() {
        const auto count =
            boost::asio::read_until(socket_, boost::asio::dynamic_buffer(input_), "\r\n");
        auto text = input_.substr(0, count - 2);
        input_.erase(0, count);
        return text;
    }

    /// A reply's status line and fields, then its body of Content-Length bytes (none for HEAD).
    std::string reply(bool has_body = true) {
        std::string text;
        std::size_t length = 0;
        for (auto next = line(); !next.empty(); next = line()) {
            if (next.starts_with("Content-Length: "))
                length = std::strtoul(next.c_str() + 16, nullptr, 10);
            text += next + "\n";
        }
        if (!has_body) return text;
        while (input_.size() < length) {
            char chunk[4096];
            input_.append(chunk, socket_.read_some(boost::asio::buffer(chunk)));
        }
        text += "\n" + input_.substr(0, length);
        input_.erase(0, length);
        return text;
    }

    /// Everything up to the end of the connection; an abortive end adds "[reset]".
    std::string rest() {
        boost::system::error_code error;
        char chunk[4096];
        while (!error) input_.append(chunk, socket_.read_some(boost::asio::buffer(chunk), error));
        return input_ + (error == boost::asio::error::connection_reset ? "[reset]" : "");
    }

private:
    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_;
    std::string input_;
};

/// A server on a free port in a thread of its own; stops with the object. Add routes before
/// `start`.
class LoopbackServer {
public:
    explicit LoopbackServer(ServerLimits limits = {},
                            std::shared_ptr<boost::asio::ssl::context> tls = nullptr)
        : server(loop, clock, pool, limits, {}, std::move(tls)) {
        port = server.listen(0);
    }

    ~LoopbackServer() {
        asio::post(loop, [this] { stop.request_stop(); });
        if (thread.joinable()) thread.join();
    }

    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    void add(const char* method,
             const char* pattern,
             decltype(Route::handler) handler,
             Auth auth = Auth::None) {
        Route route;
        route.method = method;
        route.pattern = pattern;
        route.surface = Surface::Arm;
        route.auth = auth;
        route.handler = std::move(handler);
        router.add(std::move(route));
    }

    void start(std::string_view faults = R"({"rules":[]})") {
        Gateway::Parts parts{router,
                             authentication,
                             clock,
                             *random,
                             pool,
                             {},
                             {},
                             Faults::parse(faults, "test"),
                             nullptr,
                             stop.get_token()};
        gateway = std::make_unique<Gateway>(std::move(parts));
        thread = std::thread([this] {
            Service service = [this](Request& request, BodyReader& body) {
                return gateway->handle(request, body);
            };
            async::TaskGroup top(loop.get_executor(), nullptr);
            top.spawn(server.run(std::move(service), stop.get_token()));
            loop.run();
        });
    }

    asio::io_context loop{1};
    // Moved by the server's own thread alone: a delay costs no time.
    aml::test::FakeClock clock{aml::test::FakeClock::Mode::Jump};
    asio::thread_pool pool{1};
    Server server;
    unsigned short port = 0;
    std::unique_ptr<Random> random = system_random();
    Store store{":memory:"};
    Tenants tenants{store};
    TokenService tokens{store};
    Authentication authentication{store, tenants, tokens, "tenant"};
    Router router;
    std::stop_source stop;
    std::unique_ptr<Gateway> gateway;
    std::thread thread;
};

}  // namespace aml::emulator::test
