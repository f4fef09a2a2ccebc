#include "rpc/stdio_transport.hpp"

#include "async/task_group.hpp"
#include "support/error.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>

using namespace aml;
using nlohmann::json;
using test::run;

namespace {

/// Two pipes with the transport between them.
struct Wires {
    Wires() {
        REQUIRE(pipe2(to_server.data(), O_CLOEXEC) == 0);
        REQUIRE(pipe2(from_server.data(), O_CLOEXEC) == 0);
        transport = std::make_unique<rpc::StdioTransport>(
            loop.get_executor(), to_server[0], from_server[1]);
    }

    Wires(const Wires&) = delete;
    Wires& operator=(const Wires&) = delete;

    ~Wires() {
        transport.reset();
        for (const int end : {to_server[0], to_server[1], from_server[0], from_server[1]})
            close(end);
    }

    void write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto count = ::write(to_server[1], bytes.data(), bytes.size());
            REQUIRE(count > 0);
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }

    void end_input() {
        close(std::exchange(to_server[1], open("/dev/null", O_RDONLY | O_CLOEXEC)));
    }

    std::string read(std::size_t size) const {
        std::string text(size, '\0');
        std::size_t done = 0;
        while (done < size) {
            const auto count = ::read(from_server[0], text.data() + done, size - done);
            REQUIRE(count > 0);
            done += static_cast<std::size_t>(count);
        }
        return text;
    }

    std::optional<rpc::Incoming> receive() { return run(loop, transport->receive({})); }

    std::array<int, 2> to_server{};
    std::array<int, 2> from_server{};
    asio::io_context loop{1};
    std::unique_ptr<rpc::StdioTransport> transport;
};

std::string framed(const std::string& body) {
    return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("values travel in order in both directions") {
    Wires wires;
    wires.write(framed("{\"a\":1}") + framed("[2]"));
    CHECK(std::get<json>(*wires.receive()) == json{{"a", 1}});
    CHECK(std::get<json>(*wires.receive()) == json{2});
    run(wires.loop, wires.transport->send(json{{"b", "é"}}));
    const auto expected = framed("{\"b\":\"é\"}");
    CHECK(wires.read(expected.size()) == expected);
}

TEST_CASE("text that is not UTF-8 is mended on its way out") {
    Wires wires;
    run(wires.loop, wires.transport->send(json("a\xff")));
    const auto expected = framed("\"a\xEF\xBF\xBD\"");
    CHECK(wires.read(expected.size()) == expected);
}

TEST_CASE("a body that is not JSON is reported and reading goes on") {
    Wires wires;
    wires.write(framed("{oops") + framed("1"));
    CHECK_FALSE(std::get<rpc::Unreadable>(*wires.receive()).fatal);
    CHECK(std::get<json>(*wires.receive()) == 1);
}

TEST_CASE("the end of input is told, and whether it cut a message") {
    Wires clean;
    clean.write(framed("1"));
    clean.end_input();
    CHECK(std::get<json>(*clean.receive()) == 1);
    CHECK_FALSE(clean.receive().has_value());

    Wires cut;
    cut.write("Content-Length: 10\r\n\r\n{");
    cut.end_input();
    CHECK(std::get<rpc::Unreadable>(*cut.receive()).fatal);
}

TEST_CASE("a message larger than any pipe passes while the other side reads slowly") {
    Wires wires;
    const json message(std::string(std::size_t{3} << 20, 'x'));
    const auto expected = framed(message.dump());
    std::string got;
    std::jthread client([&] { got = wires.read(expected.size()); });
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
    Wires wires;
    std::signal(SIGPIPE, SIG_IGN);
    close(std::exchange(wires.from_server[0], open("/dev/null", O_RDONLY | O_CLOEXEC)));
    CHECK_THROWS_AS(run(wires.loop, wires.transport->send(json(1))), Error);
}
