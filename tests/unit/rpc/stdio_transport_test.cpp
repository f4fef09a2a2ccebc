#include "rpc/stdio_transport.hpp"

#include "async/task_group.hpp"
#include "platform/terminal.hpp"
#include "support/error.hpp"
#include "support/pipe.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace aml::rpc::stdio_transport_test {

using nlohmann::json;
using test::run;

namespace {

/// Two pipes with the transport between them.
struct Wires {
    Wires()
        : transport(std::make_unique<rpc::StdioTransport>(
              loop.get_executor(), to_server.reader(), from_server.writer())) {}

    Wires(const Wires&) = delete;
    Wires& operator=(const Wires&) = delete;
    ~Wires() = default;

    std::optional<rpc::Incoming> receive() { return run(loop, transport->receive({})); }

    test::Pipe to_server;
    test::Pipe from_server;
    asio::io_context loop{1};
    std::unique_ptr<rpc::StdioTransport> transport;
};

std::string framed(const std::string& body) {
    return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("values travel in order in both directions") {
    Wires wires;
    wires.to_server.write(framed("{\"a\":1}") + framed("[2]"));
    CHECK(std::get<json>(*wires.receive()) == json{{"a", 1}});
    CHECK(std::get<json>(*wires.receive()) == json{2});
    run(wires.loop, wires.transport->send(json{{"b", "é"}}));
    const auto expected = framed("{\"b\":\"é\"}");
    CHECK(wires.from_server.read(expected.size()) == expected);
}

TEST_CASE("text that is not UTF-8 is mended on its way out") {
    Wires wires;
    run(wires.loop, wires.transport->send(json("a\xff")));
    const auto expected = framed("\"a\xEF\xBF\xBD\"");
    CHECK(wires.from_server.read(expected.size()) == expected);
}

TEST_CASE("a body that is not JSON is reported and reading goes on") {
    Wires wires;
    wires.to_server.write(framed("{oops") + framed("1"));
    CHECK_FALSE(std::get<rpc::Unreadable>(*wires.receive()).fatal);
    CHECK(std::get<json>(*wires.receive()) == 1);
}

TEST_CASE("the end of input is told, and whether it cut a message") {
    Wires clean;
    clean.to_server.write(framed("1"));
    clean.to_server.close_writer();
    CHECK(std::get<json>(*clean.receive()) == 1);
    CHECK_FALSE(clean.receive().has_value());

    Wires cut;
    cut.to_server.write("Content-Length: 10\r\n\r\n{");
    cut.to_server.close_writer();
    CHECK(std::get<rpc::Unreadable>(*cut.receive()).fatal);
}

TEST_CASE("a message larger than any pipe passes while the other side reads slowly") {
    Wires wires;
    const json message(std::string(std::size_t{3} << 20, 'x'));
    const auto expected = framed(message.dump());
    std::string got;
    std::jthread client([&] { got = wires.from_server.read(expected.size()); });
    run(wires.loop, wires.transport->send(message));
    client.join();
    CHECK(got == expected);
}

TEST_CASE("the transport can be closed while the other side neither reads nor writes") {
    Wires wires;
    async::TaskGroup group(wires.loop.get_executor(), nullptr);
    group.spawn(wires.transport->send(json(std::string(std::size_t{3} << 20, 'x'))));
    wires.loop.poll();
    wires.transport.reset();
    wires.loop.run();
    CHECK(group.size() == 0);
}

TEST_CASE("a reader that has gone is an error, not a signal") {
    const platform::StandardStreams streams;
    Wires wires;
    wires.from_server.close_reader();
    CHECK_THROWS_AS(run(wires.loop, wires.transport->send(json(1))), Error);
}

}  // namespace aml::rpc::stdio_transport_test
