#pragma once

#include "rpc/connection.hpp"
#include "support/fake_clock.hpp"
#include "support/log_lines.hpp"
#include "support/memory_transport.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aml::test {

/// A feature with a method of each sort, for tests of the connection.
struct Probe {
    explicit Probe(asio::any_io_executor executor)
        : gate(std::move(executor)) {}

    void bind(rpc::Router& router) {
        router.request<protocol::Initialize>(this, &Probe::initialize);
        router.request<protocol::Shutdown>(this, &Probe::shutdown);
        router.request<protocol::TreeChildren>(this, &Probe::children);
        router.request<protocol::TreeDetails>(this, &Probe::details);
        router.request<protocol::TextDocumentHover>(this, &Probe::hover);
        router.notification<protocol::TextDocumentDidSave>(this, &Probe::did_save);
    }

    asio::awaitable<protocol::InitializeResult> initialize(protocol::InitializeParams params,
                                                           rpc::RequestContext&) {
        if (params.locale == "bad") throw Error(ErrorKind::InvalidParams, "No.");
        co_return protocol::InitializeResult{};
    }

    asio::awaitable<void> shutdown(protocol::NoParams, rpc::RequestContext&) { co_return; }

    /// Waits for the gate.
    asio::awaitable<protocol::TreeChildrenResult> children(protocol::TreeChildrenParams,
                                                           rpc::RequestContext& context) {
        ++waiting;
        try {
            co_await gate.wait(context.stop());
        } catch (...) {
            --waiting;
            throw;
        }
        --waiting;
        co_return protocol::TreeChildrenResult{};
    }

    asio::awaitable<protocol::TreeDetailsResult> details(protocol::TreeDetailsParams params,
                                                         rpc::RequestContext& context) {
        context.after_reply([this] { ++replies; });
        if (params.id == "bug") throw std::runtime_error("index 7 of 3");
        if (params.id == "gone") throw Error(ErrorKind::NotFound, "There is no such node.");
        protocol::TreeDetailsResult result{.title = params.id, .content = "{}"};
        co_return result;
    }

    asio::awaitable<std::optional<protocol::Hover>> hover(protocol::HoverParams,
                                                          rpc::RequestContext&) {
        co_return std::nullopt;
    }

    void did_save(protocol::DidSaveTextDocumentParams params) {
        saved.push_back(params.textDocument.uri);
    }

    async::Event gate;
    int waiting = 0;
    int replies = 0;
    std::vector<std::string> saved;
};

/// A connection with a probe, driven by hand: `send`, then `received`.
struct Session {
    Session() {
        probe.bind(router);
        asio::co_spawn(loop, connection.run(), [this](std::exception_ptr error, int code) {
            REQUIRE_FALSE(error);
            exit_code = code;
        });
    }

    void send(const char* text) { transport.deliver(nlohmann::json::parse(text)); }

    /// What has come back since the last call, once nothing moves any more.
    std::vector<nlohmann::json> received() {
        loop.restart();
        loop.poll();
        return transport.take();
    }

    void initialize() {
        send(R"({"jsonrpc":"2.0","id":"init","method":"initialize","params":{"capabilities":{}}})");
        REQUIRE(received().size() == 1);
        send(R"({"jsonrpc":"2.0","method":"initialized","params":{}})");
        REQUIRE(received().empty());
    }

    asio::io_context loop{1};
    FakeClock clock;
    std::shared_ptr<LogLines> log = std::make_shared<LogLines>();
    MemoryTransport transport{loop.get_executor()};
    rpc::Router router;
    Probe probe{loop.get_executor()};
    rpc::Connection connection{
        loop.get_executor(), transport, router, clock, Log(log, LogLevel::Debug, "rpc")};
    std::optional<int> exit_code;
};

}  // namespace aml::test
