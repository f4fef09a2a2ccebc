#pragma once

#include "features/azure_session.hpp"
#include "features/services.hpp"
#include "rpc/connection.hpp"
#include "rpc/router.hpp"
#include "support/fake_clock.hpp"
#include "support/log_lines.hpp"
#include "support/memory_transport.hpp"
#include "support/scripted_http.hpp"
#include "support/seeded_random.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace aml::test {

/// What a feature needs, with the client's end in the test's hand: `deliver`, then `received`.
struct Rig {
    Rig() {
        services.make_session = [this](workspace::AccessSettings settings) {
            return std::make_shared<features::AzureSession>(
                services, services.http, std::move(settings), sign_in_tools);
        };
    }

    ~Rig() {
        tasks.request_stop();
        transport.close();
        turn();
    }

    /// The session begins with these initialization options; needs a LifecycleFeature bound.
    void start(nlohmann::json options = nlohmann::json::object()) {
        options["stateDirectory"] = (directory.path() / "state").string();
        auto ended = [](std::exception_ptr error, int) { REQUIRE_FALSE(error); };
        asio::co_spawn(loop, connection.run(), ended);
        auto initialize = nlohmann::json::parse(
            R"({"id":0,"method":"initialize","params":{"capabilities":{"window":{"workDoneProgress":true}}}})");
        initialize["params"]["initializationOptions"] = std::move(options);
        deliver(std::move(initialize));
        REQUIRE(received().size() == 1);
    }

    void deliver(nlohmann::json message) {
        message["jsonrpc"] = "2.0";
        transport.deliver(std::move(message));
        turn();
    }

    /// Runs until nothing moves any more.
    void turn() {
        loop.restart();
        loop.poll();
    }

    /// What the client got since the last call.
    std::vector<nlohmann::json> received() {
        turn();
        return transport.take();
    }

    asio::io_context loop{1};
    asio::thread_pool pool{1};
    TemporaryDirectory directory;
    FakeClock clock;
    ScriptedHttp http;
    SeededRandom random;
    std::shared_ptr<LogLines> log = std::make_shared<LogLines>();
    MemoryTransport transport{loop.get_executor()};
    rpc::Router router;
    features::Seams seams{.transport = transport,
                          .clock = clock,
                          .http = http,
                          .random = random,
                          .blocking_pool = pool,
                          .log = Log(log, LogLevel::Debug),
                          .trace = {},
                          .version = "1.0.0"};
    rpc::Connection connection{loop.get_executor(), transport, router, clock, seams.log};
    async::TaskGroup tasks{loop.get_executor(), nullptr};
    features::Services services{seams, loop.get_executor(), connection, tasks};
    /// What the session signs in with; set it before `start`.
    auth::SignInTools sign_in_tools;
};

}  // namespace aml::test
