#include "session.hpp"
#include "support/run.hpp"

namespace aml::rpc::connection_ends_test {

using nlohmann::json;
using test::Session;

namespace {

constexpr const char* children = R"({"jsonrpc":"2.0","id":1,"method":"tree/children","params":{}})";
constexpr const char* shut_down = R"({"jsonrpc":"2.0","id":2,"method":"shutdown"})";
constexpr const char* leave = R"({"jsonrpc":"2.0","method":"exit"})";

/// Asks the client to pick and keeps how that ended.
struct Asking {
    explicit Asking(Session& owner)
        : session(owner),
          group(owner.loop.get_executor(), nullptr) {
        group.spawn(ask());
    }

    asio::awaitable<void> ask() {
        protocol::PickParams params{.token = "p", .title = "Choose"};
        try {
            result =
                co_await session.connection.request<protocol::UiPick>(params, stop.get_token());
        } catch (const Error& error) {
            failure = error.kind();
            message = error.message();
        }
    }

    Session& session;
    std::stop_source stop;
    std::optional<protocol::PickResult> result;
    std::optional<ErrorKind> failure;
    std::string message;
    async::TaskGroup group;
};

}  // namespace

TEST_CASE("exit after shutdown is 0, without it 1") {
    Session polite;
    polite.initialize();
    polite.send(shut_down);
    CHECK(polite.received().front()["result"].is_null());
    CHECK_FALSE(polite.exit_code.has_value());
    polite.send(leave);
    polite.received();
    CHECK(polite.exit_code == 0);

    Session hasty;
    hasty.initialize();
    hasty.send(leave);
    hasty.received();
    CHECK(hasty.exit_code == 1);

    Session early;
    early.send(leave);
    early.received();
    CHECK(early.exit_code == 1);
}

TEST_CASE("shutdown first stops what runs, and answers it; afterwards nothing is served") {
    Session session;
    session.initialize();
    session.send(children);
    session.received();
    session.send(shut_down);
    const auto answers = session.received();
    REQUIRE(answers.size() == 2);
    CHECK(answers[0]["id"] == 1);
    CHECK(answers[0]["error"]["code"] == -32800);
    CHECK(answers[1]["id"] == 2);
    session.send(R"({"jsonrpc":"2.0","id":3,"method":"tree/details","params":{"id":"n"}})");
    CHECK(session.received().front()["error"]["code"] == -32600);
    session.send(
        R"({"jsonrpc":"2.0","method":"textDocument/didSave","params":{"textDocument":{"uri":"f"}}})");
    session.received();
    CHECK(session.probe.saved.empty());
}

TEST_CASE("the end of input stops and answers what runs") {
    Session session;
    session.initialize();
    session.send(children);
    session.received();
    session.transport.close();
    CHECK(session.received().front()["error"]["code"] == -32800);
    CHECK(session.exit_code == 1);
    CHECK(session.log->contains("the client has closed the connection"));
}

TEST_CASE("the end of input after shutdown is a good end") {
    Session session;
    session.initialize();
    session.send(shut_down);
    session.transport.close();
    session.received();
    CHECK(session.exit_code == 0);
}

TEST_CASE("a client that cannot be written to ends the session") {
    Session session;
    session.initialize();
    session.transport.break_output();
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"tree/details","params":{"id":"n"}})");
    session.received();
    CHECK(session.exit_code == 1);
    CHECK(session.log->contains("the client cannot be written to"));
}

TEST_CASE("a client that stops reading delays the end only so long") {
    Session session;
    session.initialize();
    async::Event never(session.loop.get_executor());
    session.transport.stall_output(never);
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"tree/details","params":{"id":"n"}})");
    session.send(leave);
    session.received();
    CHECK_FALSE(session.exit_code.has_value());
    session.clock.advance(std::chrono::seconds(3));
    session.received();
    CHECK(session.exit_code == 1);
    CHECK(session.log->contains("did not read everything in time"));
    never.set();
    session.received();
}

TEST_CASE("the client is asked and its answer decoded") {
    Session session;
    session.initialize();
    Asking asking(session);
    const auto sent = session.received();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0]["method"] == "ui/pick");
    CHECK(sent[0]["params"]["title"] == "Choose");
    session.transport.deliver(json{{"jsonrpc", "2.0"},
                                   {"id", sent[0]["id"]},
                                   {"result", {{"kind", "picked"}, {"ids", {"a"}}}}});
    session.received();
    REQUIRE(asking.result.has_value());
    CHECK(std::get<protocol::PickResultPicked>(*asking.result).ids ==
          std::vector<std::string>{"a"});
}

TEST_CASE("an answer that cannot be read is a failure that names the place") {
    Session session;
    session.initialize();
    Asking asking(session);
    const auto id = session.received().front()["id"];
    session.transport.deliver(
        json{{"jsonrpc", "2.0"}, {"id", id}, {"result", {{"kind", "chosen"}}}});
    session.received();
    CHECK(asking.failure == ErrorKind::Unavailable);
    CHECK(asking.message ==
          "The editor's answer to ui/pick could not be read: /result/kind: expected one of picked, "
          "action, back, cancelled.");
}

TEST_CASE("giving up a question tells the client, and its late answer is ignored") {
    Session session;
    session.initialize();
    Asking asking(session);
    const auto id = session.received().front()["id"];
    asking.stop.request_stop();
    const auto told = session.received();
    REQUIRE(told.size() == 1);
    CHECK(told[0]["method"] == "$/cancelRequest");
    CHECK(told[0]["params"]["id"] == id);
    CHECK(asking.failure == ErrorKind::Cancelled);
    session.transport.deliver(json{{"jsonrpc", "2.0"}, {"id", id}, {"result", {{"kind", "back"}}}});
    CHECK(session.received().empty());
}

TEST_CASE("questions end with the session") {
    Session session;
    session.initialize();
    Asking asking(session);
    session.received();
    session.transport.close();
    session.received();
    CHECK(asking.failure == ErrorKind::Cancelled);
    CHECK(session.exit_code == 1);
}

TEST_CASE("a notification that fails is logged and the next one is handled") {
    Session session;
    session.initialize();
    session.send(
        R"({"jsonrpc":"2.0","method":"textDocument/didSave","params":{"textDocument":{}}})");
    session.send(
        R"({"jsonrpc":"2.0","method":"textDocument/didSave","params":{"textDocument":{"uri":"f"}}})");
    session.send(R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":{}}})");
    session.send(R"({"jsonrpc":"2.0","id":1,"method":"tree/details","params":{"id":"n"}})");
    CHECK(session.received().size() == 1);
    CHECK(session.probe.saved == std::vector<std::string>{"f"});
    CHECK(session.log->contains("/params/textDocument/uri: expected string"));
}

}  // namespace aml::rpc::connection_ends_test
