#include "session.hpp"

#include <fmt/format.h>

#include <set>

namespace aml::rpc::connection_test {

using nlohmann::json;
using test::Session;

namespace {

json error_of(const std::vector<json>& messages) {
    REQUIRE(messages.size() == 1);
    REQUIRE(messages.front().contains("error"));
    return messages.front()["error"];
}

}  // namespace

TEST_CASE("before initialize requests are refused and notifications dropped") {
    Session session;
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"tree/details","params":{"id":"x"}})");
    CHECK(error_of(session.received())["code"] == -32002);
    session.send(
        R"({"jsonrpc":"2.0","method":"textDocument/didSave","params":{"textDocument":{"uri":"f"}}})");
    CHECK(session.received().empty());
    CHECK(session.probe.saved.empty());
    session.initialize();
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}})");
    CHECK(error_of(session.received())["code"] == -32600);
}

TEST_CASE("a refused initialize can be tried again") {
    Session session;
    session.send(
        R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"locale":"bad","capabilities":{}}})");
    CHECK(error_of(session.received())["code"] == -32602);
    session.initialize();
}

TEST_CASE("wrong parameters never reach the handler and are named by their place") {
    Session session;
    session.initialize();
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"tree/details","params":{"id":5}})");
    const auto error = error_of(session.received());
    CHECK(error["code"] == -32602);
    CHECK(error["message"] == "/params/id: expected string");
}

TEST_CASE("results, empty results and failures are answered") {
    Session session;
    session.initialize();
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"tree/details","params":{"id":"n"}})");
    CHECK(session.received() ==
          std::vector<json>{
              json::parse(R"({"jsonrpc":"2.0","id":1,"result":{"title":"n","content":"{}"}})")});
    session.send(R"({"jsonrpc":"2.0","id":2,"method":"textDocument/hover",
                     "params":{"textDocument":{"uri":"f"},"position":{"line":0,"character":0}}})");
    CHECK(session.received() ==
          std::vector<json>{json::parse(R"({"jsonrpc":"2.0","id":2,"result":null})")});
    session.send(R"({"jsonrpc":"2.0","id":3,"method":"tree/details","params":{"id":"gone"}})");
    CHECK(error_of(session.received())["data"]["kind"] == "NotFound");
}

TEST_CASE("a bug is answered, logged with its request, and does not end the session") {
    Session session;
    session.initialize();
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"tree/details","params":{"id":"bug"}})");
    CHECK(error_of(session.received())["code"] == -32603);
    CHECK(session.log->contains("tree/details #1 failed inside: index 7 of 3"));
    session.send(R"({"jsonrpc":"2.0","id":2,"method":"tree/details","params":{"id":"n"}})");
    CHECK(session.received().front()["id"] == 2);
}

TEST_CASE("unknown methods: requests are refused, notifications ignored") {
    Session session;
    session.initialize();
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"foo/bar"})");
    CHECK(error_of(session.received())["code"] == -32601);
    session.send(R"({"jsonrpc":"2.0","id":2,"method":"$/foo"})");
    CHECK(error_of(session.received())["code"] == -32601);
    session.send(R"({"jsonrpc":"2.0","method":"$/setTrace","params":{"value":"off"}})");
    session.send(R"({"jsonrpc":"2.0","method":"foo/didBar","params":{}})");
    CHECK(session.received().empty());
    CHECK(session.log->contains("nobody handles foo/didBar"));
    CHECK_FALSE(session.log->contains("nobody handles $/setTrace"));
}

TEST_CASE("a cancelled request is answered once, and its id is free again") {
    Session session;
    session.initialize();
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"tree/children","params":{}})");
    CHECK(session.received().empty());
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"tree/children","params":{}})");
    CHECK(error_of(session.received())["message"] == "The id 1 is in use.");
    session.send(R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}})");
    CHECK(error_of(session.received())["code"] == -32800);
    session.send(R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}})");
    CHECK(session.received().empty());
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"tree/details","params":{"id":"n"}})");
    CHECK(session.received().size() == 1);
}

TEST_CASE("a request that is cancelled before it starts never runs") {
    Session session;
    session.initialize();
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"tree/children","params":{}})");
    session.send(R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}})");
    CHECK(error_of(session.received())["code"] == -32800);
    CHECK(session.probe.waiting == 0);
}

TEST_CASE("a thousand requests in flight are each answered once") {
    Session session;
    session.initialize();
    for (int i = 0; i < 1000; ++i) {
        const auto text =
            fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"tree/children","params":{{}}}})", i);
        session.send(text.c_str());
    }
    CHECK(session.received().empty());
    CHECK(session.probe.waiting == 1000);
    for (int i = 0; i < 1000; i += 2) {
        const auto text = fmt::format(
            R"({{"jsonrpc":"2.0","method":"$/cancelRequest","params":{{"id":{}}}}})", i);
        session.send(text.c_str());
    }
    const auto cancelled = session.received();
    CHECK(cancelled.size() == 500);
    session.probe.gate.set();
    const auto answered = session.received();
    CHECK(answered.size() == 500);
    std::set<int> ids;
    for (const auto& message : cancelled) ids.insert(message["id"].get<int>());
    for (const auto& message : answered) ids.insert(message["id"].get<int>());
    CHECK(ids.size() == 1000);
}

TEST_CASE("unreadable and malformed messages are answered, and the session goes on") {
    Session session;
    session.initialize();
    session.transport.deliver(
        rpc::Unreadable{"A message is not JSON: error at byte 1 of 0.", false});
    auto error = session.received();
    CHECK(error_of(error)["code"] == -32700);
    CHECK(error.front()["id"].is_null());
    session.send(R"([{"jsonrpc":"2.0","id":1,"method":"tree/details"}])");
    CHECK(error_of(session.received())["code"] == -32600);
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"tree/details","params":{"id":"n"}})");
    CHECK(session.received().size() == 1);
}

TEST_CASE("a stream that cannot be read any more ends the session with a reason") {
    Session session;
    session.initialize();
    session.transport.deliver(rpc::Unreadable{"A message header has no Content-Length.", true});
    CHECK(error_of(session.received())["code"] == -32700);
    CHECK(session.exit_code == 1);
    CHECK(session.log->contains("nothing more can be read"));
}

TEST_CASE("secrets do not reach the log") {
    Session session;
    session.initialize();
    session.send(R"({"jsonrpc":"2.0","id":99,"result":{"token":"s3cret"}})");
    session.received();
    std::stop_source stop;
    auto ask = [&]() -> asio::awaitable<void> {
        protocol::GetTokenParams params{.scopes = {"s"}};
        const auto result =
            co_await session.connection.request<protocol::AuthGetToken>(params, stop.get_token());
        CHECK(result.token.reveal() == "s3cret");
    };
    async::TaskGroup group(session.loop.get_executor(), nullptr);
    group.spawn(ask());
    const auto asked = session.received();
    REQUIRE(asked.size() == 1);
    json reply{{"jsonrpc", "2.0"}, {"id", asked[0]["id"]}};
    reply["result"] =
        json::parse(R"({"token":"s3cret","expiresAt":"2026-01-01T00:00:00Z","account":"ada"})");
    session.transport.deliver(reply);
    session.received();
    CHECK(group.size() == 0);
    CHECK(session.log->contains("\"token\":\"[secret]\""));
    CHECK_FALSE(session.log->contains("s3cret"));
}

TEST_CASE("what is to happen after a reply happens when there is one, not after a failure") {
    Session session;
    session.initialize();
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"tree/details","params":{"id":"n"}})");
    CHECK(session.received().size() == 1);
    CHECK(session.probe.replies == 1);
    session.send(R"({"jsonrpc":"2.0","id":2,"method":"tree/details","params":{"id":"gone"}})");
    CHECK(session.received().size() == 1);
    CHECK(session.probe.replies == 1);
}

TEST_CASE("flushing waits until the client has been written to") {
    Session session;
    session.initialize();
    bool flushed = false;
    const auto flush = [&] {
        asio::co_spawn(session.loop, session.connection.flush({}), [&](std::exception_ptr error) {
            REQUIRE_FALSE(error);
            flushed = true;
        });
    };
    async::Event gate(session.loop.get_executor());
    session.transport.stall_output(gate);
    protocol::ShowMessageParams message{.type = protocol::MessageType::Info, .message = "Hello."};
    session.connection.notify<protocol::WindowShowMessage>(message);
    flush();
    CHECK(session.received().empty());
    CHECK_FALSE(flushed);
    gate.set();
    CHECK(session.received().size() == 1);
    CHECK(flushed);
    flushed = false;
    flush();
    CHECK(session.received().empty());
    CHECK(flushed);
}

}  // namespace aml::rpc::connection_test
