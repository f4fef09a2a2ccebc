#include "http/cpprest_transport.hpp"

#include "async/event.hpp"
#include "async/task_group.hpp"
#include "http/transport_failure.hpp"
#include "support/error_of.hpp"
#include "support/run.hpp"
#include "unit/http/gzip_of.hpp"
#include "unit/http/transport_threads.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include <chrono>

using namespace aml;
using asio::ip::tcp;
using test::run;

namespace {

/// An HTTP server of few words on the test's own loop: what it says is set per connection.
class Server {
public:
    explicit Server(asio::io_context& loop)
        : asked(loop.get_executor()),
          together_(loop.get_executor()),
          group_(loop.get_executor(), nullptr),
          acceptor_(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
        group_.spawn(accept());
    }

    std::string url(const std::string& path) const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + path;
    }

    /// Sent for each request; empty closes the connection with a reset instead.
    std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Name: v\r\n\r\nok";
    /// Set by each request.
    async::Event asked;
    bool silent = false;
    /// No answer is sent before so many requests wait for one.
    std::size_t at_once = 1;
    bool close_after = false;
    int connections = 0;
    std::vector<std::string> requests;

    void stop() {
        acceptor_.close();
        for (auto& socket : sockets_) socket->close();
    }

private:
    asio::awaitable<void> accept() {
        for (;;) {
            auto socket =
                std::make_shared<tcp::socket>(co_await acceptor_.async_accept(asio::use_awaitable));
            ++connections;
            sockets_.push_back(socket);
            group_.spawn(serve(socket));
        }
    }

    asio::awaitable<void> serve(std::shared_ptr<tcp::socket> socket) {
        std::string buffer;
        for (;;) {
            auto end = co_await asio::async_read_until(
                *socket, asio::dynamic_buffer(buffer), "\r\n\r\n", asio::use_awaitable);
            const auto at = buffer.find("Content-Length:");
            const auto length = at < end ? std::stoul(buffer.substr(at + 15)) : 0;
            if (buffer.size() < end + length) {
                const auto missing = end + length - buffer.size();
                co_await asio::async_read(*socket,
                                          asio::dynamic_buffer(buffer),
                                          asio::transfer_exactly(missing),
                                          asio::use_awaitable);
            }
            requests.push_back(buffer.substr(0, end + length));
            buffer.erase(0, end + length);
            asked.set();
            if (silent) co_return;
            if (++waiting_ == at_once) together_.set();
            co_await together_.wait();
            if (--waiting_ == 0) together_.reset();
            if (answer.empty()) {
                socket->set_option(asio::socket_base::linger(true, 0));
                socket->close();
                co_return;
            }
            co_await asio::async_write(*socket, asio::buffer(answer), asio::use_awaitable);
            if (close_after) {
                socket->close();
                co_return;
            }
        }
    }

    async::Event together_;
    std::size_t waiting_ = 0;
    async::TaskGroup group_;
    tcp::acceptor acceptor_;
    std::vector<std::shared_ptr<tcp::socket>> sockets_;
};

struct TransportFixture {
    TransportFixture() { test::start_transport_threads(); }

    ~TransportFixture() {
        server.stop();
        loop.poll();
    }

    asio::io_context loop{1};
    Server server{loop};
    std::unique_ptr<http::Transport> transport = std::make_unique<http::CpprestTransport>();

    http::Response send(http::Request request, std::stop_token stop = {}) {
        return run(loop, transport->send(std::move(request), std::move(stop)));
    }

    Error failure(http::Request request) {
        return test::error_of([&] { send(std::move(request)); });
    }

    http::Request get(const std::string& path) const {
        http::Request request;
        request.url = server.url(path);
        return request;
    }
};

std::string packed_answer(const std::string& packed) {
    return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
           std::to_string(packed.size()) + "\r\n\r\n" + packed;
}

}  // namespace

TEST_CASE_FIXTURE(TransportFixture, "paths and queries reach the server as they were encoded") {
    const auto response = send(get("/a%20b/%2Fc/runs:query/?$filter=x%20eq%20'1'&sig=a%2Bb%3D"));
    CHECK(response.status == 200);
    CHECK(response.body == "ok");
    CHECK(response.headers.get("x-name") == "v");
    CHECK(server.requests.front().starts_with(
        "GET /a%20b/%2Fc/runs:query/?$filter=x%20eq%20'1'&sig=a%2Bb%3D HTTP/1.1\r\n"));
}

TEST_CASE_FIXTURE(TransportFixture,
                  "a body is sent with its length, an empty PUT or POST with length zero") {
    auto request = get("/x");
    request.method = http::Method::Put;
    request.headers.set("Content-Type", "text/plain; charset=utf-8");
    request.body = http::Body(std::string(300'000, 'x'));
    send(request);
    CHECK(server.requests[0].find("Content-Length:300000\r\n") != std::string::npos);
    CHECK(server.requests[0].find("Content-Type:text/plain; charset=utf-8\r\n") !=
          std::string::npos);
    CHECK(server.requests[0].ends_with(std::string(300'000, 'x')));
    request.body = http::Body();
    send(request);
    CHECK(server.requests[1].find("Content-Length: 0\r\n") != std::string::npos);
    CHECK(server.requests[1].find("Transfer-Encoding") == std::string::npos);
}

TEST_CASE_FIXTURE(TransportFixture, "requests one after another reuse connections") {
    for (int i = 0; i < 30; ++i) send(get("/x"));
    // cpprestsdk returns a connection to its pool a moment after the answer, so that a second one
    // may be made.
    CHECK(server.connections <= 2);
}

TEST_CASE_FIXTURE(TransportFixture,
                  "a connection the server closed while idle is replaced unnoticed") {
    server.close_after = true;
    for (int i = 0; i < 3; ++i) CHECK(send(get("/x")).status == 200);
    CHECK(server.connections == 3);
}

TEST_CASE_FIXTURE(TransportFixture, "sixteen requests at once run in parallel on two threads") {
    async::TaskGroup group(loop.get_executor(), nullptr);
    int done = 0;
    server.at_once = 16;
    auto one = [&]() -> asio::awaitable<void> {
        auto request = get("/x");
        const auto response = co_await transport->send(std::move(request), {});
        if (response.status == 200) ++done;
    };
    for (int i = 0; i < 16; ++i) group.spawn(one());
    run(loop, group.join());
    CHECK(done == 16);
    CHECK(server.connections == 16);
    for (int i = 0; i < 16; ++i) group.spawn(one());
    run(loop, group.join());
    CHECK(server.connections == 16);
}

TEST_CASE_FIXTURE(TransportFixture, "a large answer arrives whole, chunked or not") {
    const std::string content(3'000'000, 'y');
    server.answer = "HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + content;
    CHECK(send(get("/x")).body == content);
    server.answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2DC6C0\r\n" + content +
                    "\r\n0\r\n\r\n";
    CHECK(send(get("/x")).body == content);
}

TEST_CASE_FIXTURE(TransportFixture,
                  "a compressed answer that was asked for arrives as it was before") {
    const std::string content(100'000, 'y');
    auto request = get("/x");
    http::accept_json(request);
    server.answer = packed_answer(test::gzip(content));
    const auto response = send(request);
    CHECK(server.requests.back().find("Accept-Encoding:gzip\r\n") != std::string::npos);
    CHECK((response.body == content));
    CHECK_FALSE(response.headers.contains("Content-Encoding"));
    // Whoever has asked for bytes gets them as they are: a file may have been compressed itself.
    CHECK((send(get("/x")).body == test::gzip(content)));
    server.answer = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n";
    CHECK(send(request).body.empty());
}

TEST_CASE_FIXTURE(TransportFixture, "a compressed answer that is cut off is a clear failure") {
    auto request = get("/x");
    http::accept_json(request);
    server.answer = packed_answer(test::gzip(std::string(100'000, 'y')).substr(0, 90));
    const auto broken = failure(request);
    // As every break on the way, so that it is tried again.
    CHECK(broken.kind() == ErrorKind::Unavailable);
    CHECK(broken.message().find("is cut off or damaged") != std::string::npos);
    CHECK(broken.details().azure_code.empty());
}

TEST_CASE_FIXTURE(TransportFixture, "redirects are answers, not followed") {
    server.answer =
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
    CHECK(send(get("/x")).status == 302);
}

TEST_CASE_FIXTURE(TransportFixture, "a request without an answer ends when it is stopped") {
    server.silent = true;
    std::stop_source stop;
    async::TaskGroup group(loop.get_executor(), nullptr);
    std::optional<ErrorKind> kind;
    auto call = [&]() -> asio::awaitable<void> {
        try {
            auto request = get("/x");
            co_await transport->send(std::move(request), stop.get_token());
        } catch (const Error& error) {
            kind = error.kind();
        }
    };
    auto stop_later = [&]() -> asio::awaitable<void> {
        co_await server.asked.wait();
        stop.request_stop();
    };
    group.spawn(call());
    group.spawn(stop_later());
    run(loop, group.join());
    CHECK(kind == ErrorKind::Cancelled);
    server.silent = false;
    CHECK(send(get("/x")).status == 200);
}

TEST_CASE_FIXTURE(TransportFixture, "a request that takes longer than its limit has timed out") {
    server.silent = true;
    auto request = get("/x");
    request.timeout = std::chrono::milliseconds(50);
    const auto error = failure(request);
    CHECK(error.kind() == ErrorKind::TimedOut);
    CHECK(error.message().find("did not answer") != std::string::npos);
}

TEST_CASE_FIXTURE(TransportFixture, "a refused, reset or truncated exchange says so") {
    http::Request request;
    request.url = "http://127.0.0.1:1/";
    auto error = failure(request);
    CHECK(error.kind() == ErrorKind::Unavailable);
    CHECK(error.message() == "http://127.0.0.1:1 refuses connections or cannot be reached.");
    CHECK(error.details().azure_code == http::transport_failure::no_connection);
    server.answer = "";
    error = failure(get("/x"));
    CHECK(error.kind() == ErrorKind::Unavailable);
    CHECK(error.message().find("broke") != std::string::npos);
    CHECK(error.details().azure_code.empty());
    server.answer = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort";
    server.close_after = true;
    error = failure(get("/x"));
    CHECK(error.kind() == ErrorKind::Unavailable);
    CHECK(error.message().find("broke") != std::string::npos);
}

TEST_CASE_FIXTURE(TransportFixture, "a name below localhost is this machine, and is told to it") {
    auto request = get("/x");
    const auto port = request.url.substr(request.url.rfind(':'));
    request.url = "http://account.blob.core.localhost" + port;
    CHECK(send(request).status == 200);
    const auto authority = port.substr(0, port.find('/'));
    REQUIRE(server.requests.size() == 1);
    CHECK(server.requests.front().find("Host:account.blob.core.localhost" + authority + "\r\n") !=
          std::string::npos);
}

TEST_CASE_FIXTURE(TransportFixture, "a name that does not exist says so") {
    http::Request request;
    request.url = "http://no-such-host.invalid/";
    const auto error = failure(request);
    CHECK(error.kind() == ErrorKind::Unavailable);
    CHECK(error.message().find("cannot be resolved") != std::string::npos);
    CHECK(error.details().azure_code == http::transport_failure::no_connection);
}

TEST_CASE_FIXTURE(TransportFixture,
                  "a server that does not speak TLS is told from one that is down") {
    tcp::acceptor plain(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    auto greet = [&plain]() -> asio::awaitable<void> {
        auto socket = co_await plain.async_accept(asio::use_awaitable);
        const std::string greeting = "220 this is no TLS\r\n";
        co_await asio::async_write(socket, asio::buffer(greeting), asio::use_awaitable);
    };
    async::TaskGroup group(loop.get_executor(), nullptr);
    group.spawn(greet());
    http::Request request;
    request.url = "https://127.0.0.1:" + std::to_string(plain.local_endpoint().port()) + "/";
    const auto error = failure(request);
    CHECK(error.kind() == ErrorKind::Unavailable);
    CHECK(error.message().find("No secure connection to https://127.0.0.1") == 0);
    CHECK(error.details().azure_code == http::transport_failure::tls);
}
