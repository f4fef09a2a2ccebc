#include "core/time.hpp"
#include "http_fixture.hpp"
#include "support/error.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace aml::emulator::http_test {

using test::Client;

namespace {

Reply echo(const Request& request) {
    return Reply::of_text(request.method + " " + request.path + " " + request.body, "text/plain");
}

/// An emulator with `GET` and `PUT /echo/{path*}`.
struct Echo : test::LoopbackServer {
    explicit Echo(ServerLimits limits = {})
        : test::LoopbackServer(limits) {
        add("GET", "/echo/{path*}", SyncHandler(echo));
        Route put;
        put.method = "PUT";
        put.pattern = "/echo/{path*}";
        put.surface = Surface::Page;
        put.auth = Auth::None;
        put.handler = SyncHandler(echo);
        router.add(std::move(put));
    }
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("several requests on one connection are answered in order, also when they come at once") {
    Echo emulator;
    emulator.start();
    Client client(emulator.port);
    client.send(
        "GET /echo/1 HTTP/1.1\r\nHost: localhost\r\n\r\nPUT /echo/2 HTTP/1.1\r\nHost: "
        "localhost\r\nContent-Length: 4\r\n\r\nbodyGET /echo/3 HTTP/1.1\r\nHost: "
        "localhost\r\n\r\n");
    CHECK(has(client.reply(), "\n\nGET /echo/1 "));
    CHECK(has(client.reply(), "\n\nPUT /echo/2 body"));
    CHECK(has(client.reply(), "\n\nGET /echo/3 "));
}

TEST_CASE("HEAD gets the length without the body") {
    Echo emulator;
    emulator.start();
    Client client(emulator.port);
    client.send(
        "HEAD /echo/abc HTTP/1.1\r\nHost: localhost\r\n\r\nGET /echo/x HTTP/1.1\r\nHost: "
        "localhost\r\n\r\n");
    CHECK(has(client.reply(false), "Content-Length: 15\n"));
    CHECK(has(client.reply(), "\n\nGET /echo/x "));
}

TEST_CASE("what is refused before any handler has the date of the service, not of the machine") {
    test::LoopbackServer emulator;
    emulator.start();
    Client client(emulator.port);
    client.send("no request\r\n\r\n");
    const auto reply = client.reply();
    CHECK(has(reply, "HTTP/1.1 400"));
    CHECK(has(reply, "Date: " + http_time(aml::test::new_year())));
}

TEST_CASE("a client that waits for 100 Continue is told to go on, chunked bodies are joined") {
    Echo emulator;
    emulator.start();
    Client client(emulator.port);
    client.send(
        "PUT /echo/c HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nTransfer-Encoding: "
        "chunked\r\n\r\n");
    CHECK(client.line() == "HTTP/1.1 100 Continue");
    CHECK(client.line().empty());
    client.send("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    CHECK(has(client.reply(), "PUT /echo/c abcde"));
}

TEST_CASE("a client that closed its side still gets its answer") {
    Echo emulator;
    emulator.start();
    Client client(emulator.port);
    client.send("GET /echo/h HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.shut_down();
    CHECK(has(client.rest(), "GET /echo/h "));
}

TEST_CASE("garbage, too many headers and silence end a connection without harm") {
    ServerLimits limits;
    limits.header_bytes = 1024;
    limits.idle = std::chrono::milliseconds(200);
    Echo emulator(limits);
    emulator.start();
    Client garbage(emulator.port);
    garbage.send("\x16\x03\x01 this is not HTTP\r\n\r\n");
    CHECK(has(garbage.rest(), "HTTP/1.1 400 "));
    Client huge(emulator.port);
    huge.send("GET /echo/1 HTTP/1.1\r\nX: " + std::string(4000, 'x') + "\r\n\r\n");
    CHECK(has(huge.rest(), "HTTP/1.1 431 "));
    Client slow(emulator.port);
    slow.send("GET /echo/1 HT");
    CHECK(slow.rest().empty());
    Client good(emulator.port);
    good.send("GET /echo/1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(has(good.reply(), "200 OK"));
}

TEST_CASE("a body beyond the limit is refused before it is read") {
    Echo emulator;
    emulator.start();
    Client client(emulator.port);
    client.send(
        "PUT /echo/1 HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: "
        "999999999\r\n\r\n");
    const auto answer = client.rest();
    CHECK(answer.starts_with("HTTP/1.1 413 "));
    CHECK(has(answer, "Connection: close"));
}

TEST_CASE("a name that is not this machine's is turned away") {
    Echo emulator;
    emulator.start();
    Client client(emulator.port);
    client.send("GET /echo/1 HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    CHECK(has(client.reply(), "HTTP/1.1 421 "));
}

TEST_CASE("ARM replies carry request ids and the remaining allowance, failures too") {
    Echo emulator;
    emulator.add("GET", "/subscriptions/{id}", SyncHandler(echo), Auth::Bearer);
    emulator.start();
    Client client(emulator.port);
    client.send(
        "GET /subscriptions/1 HTTP/1.1\r\nHost: localhost\r\nx-ms-client-request-id: mine\r\n\r\n");
    const auto answer = client.reply();
    CHECK(has(answer, "HTTP/1.1 401 "));
    for (const auto* part :
         {"x-ms-request-id: ",
          "x-ms-correlation-request-id: ",
          "x-ms-client-request-id: mine",
          "x-ms-ratelimit-remaining-subscription-reads: 249",
          "WWW-Authenticate: Bearer authorization_uri=\"http://localhost/tenant\"",
          "x-ms-failure-cause: gateway"}) {
        CHECK_MESSAGE(has(answer, part), part);
    }
    client.send("GET /subscriptions/1/x HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(has(client.reply(), "HTTP/1.1 401 "));
    client.send("POST /echo/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    const auto wrong_method = client.reply();
    CHECK(has(wrong_method, "HTTP/1.1 405 "));
    CHECK(has(wrong_method, "Allow: GET, PUT"));
}

TEST_CASE("a handler that fails is a 500 in its surface's shape, and the connection lives on") {
    Echo emulator;
    emulator.add("GET", "/fail", SyncHandler([](const Request&) -> Reply {
                     throw std::runtime_error("secret detail");
                 }));
    emulator.add("GET", "/full", SyncHandler([](const Request&) -> Reply {
                     throw Error(ErrorKind::Unavailable, "The disk is full.");
                 }));
    emulator.start();
    Client client(emulator.port);
    client.send("GET /fail HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const auto failed = client.reply();
    CHECK(has(failed, "500 Internal"));
    CHECK(has(failed, R"("code":"InternalServerError")"));
    CHECK_FALSE(has(failed, "secret detail"));
    client.send("GET /full HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(has(client.reply(), "The disk is full."));
}

TEST_CASE("faults replace, cut and reset replies, before or after the work") {
    Echo emulator;
    int calls = 0;
    emulator.add("POST", "/work", SyncHandler([&](const Request&) {
                     ++calls;
                     return Reply::of_text("0123456789", "text/plain");
                 }));
    emulator.start(
        R"({"rules":[{"route":"/work","status":503,"headers":{"Retry-After":"3"},"times":1},
                                {"route":"/work","reset":true,"stage":"after","times":1},
                                {"route":"/work","truncate":true,"times":1}]})");
    const std::string request =
        "POST /work HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
    Client first(emulator.port);
    first.send(request);
    const auto busy = first.reply();
    CHECK(has(busy, "503 Service Unavailable"));
    CHECK(has(busy, "Retry-After: 3"));
    CHECK(calls == 0);
    first.send(request);
    CHECK(first.rest() == "[reset]");
    CHECK(calls == 1);
    Client second(emulator.port);
    second.send(request);
    const auto cut = second.rest();
    CHECK(has(cut, "Content-Length: 10\r\n"));
    CHECK(cut.ends_with("\r\n\r\n01234"));
    CHECK(calls == 2);
}

TEST_CASE("a part of a file is sent, and a streaming handler pulls a big body piece by piece") {
    const auto file = std::filesystem::temp_directory_path() / "aml-http-test.bin";
    std::ofstream(file, std::ios::binary) << std::string(300'000, 'a') << "tail";
    Echo emulator;
    emulator.add("GET", "/file", SyncHandler([&](const Request&) {
                     Reply reply;
                     reply.body = FileBody{file, 200'000, 100'004};
                     return reply;
                 }));
    StreamHandler count = [](const Request&, BodyReader& body) -> asio::awaitable<Reply> {
        std::size_t total = 0;
        std::size_t longest = 0;
        for (;;) {
            const auto chunk = co_await body.read();
            if (chunk.empty()) break;
            total += chunk.size();
            longest = std::max(longest, chunk.size());
        }
        co_return Reply::of_text(std::to_string(total) + (longest <= 65536 ? " ok" : " too long"),
                                 "text/plain");
    };
    emulator.add("PUT", "/count", count);
    emulator.start();
    Client client(emulator.port);
    client.send("GET /file HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const auto answer = client.reply();
    CHECK(answer.ends_with("aaatail"));
    CHECK(has(answer, "Content-Length: 100004\n"));
    client.send("PUT /count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000000\r\n\r\n");
    for (int i = 0; i < 20; ++i) client.send(std::string(1'000'000, 'x'));
    CHECK(has(client.reply(), "20000000 ok"));
    std::filesystem::remove(file);
}

TEST_CASE("a port in use is named") {
    test::LoopbackServer first;
    asio::io_context loop(1);
    Server second(loop, first.clock, first.pool, {}, {});
    try {
        second.listen(first.port);
        FAIL("the port was taken twice");
    } catch (const Error& error) {
        CHECK(error.message().find("Port " + std::to_string(first.port) + " is in use") == 0);
    }
}

}  // namespace aml::emulator::http_test
