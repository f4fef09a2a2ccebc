#pragma once

#include "async/clock.hpp"
#include "async/task_group.hpp"
#include "auth/session.hpp"
#include "azure/client.hpp"
#include "http/cloud.hpp"
#include "http/cpprest_transport.hpp"
#include "http/policies.hpp"
#include "integration/emulator_process.hpp"
#include "support/error_of.hpp"
#include "support/random.hpp"
#include "support/run.hpp"

#include <memory>
#include <string>
#include <utility>

namespace aml::test {

/// One emulator for the whole program: tests use names of their own.
inline const nlohmann::json& emulator() {
    static const EmulatorProcess process;
    static const bool threads_started = [] {
        http::initialize_transport_threads();
        return true;
    }();
    return threads_started ? process.ready() : process.ready();
}

/// The server's own way to the emulator, with nothing faked.
struct LiveFixture {
    LiveFixture() {
        settings.method = auth::Method::ServicePrincipal;
        settings.tenant = ready.at("tenantId");
        settings.client_id = ready.at("clientId");
        settings.client_secret = Secret(ready.at("clientSecret"));
        connect();
    }

    ~LiveFixture() {
        group.request_stop();
        run(group.join());
    }

    /// (Re)makes session and client from `settings`.
    void connect() {
        client.reset();
        authenticated.reset();
        session.reset();
        cloud = run(http::discover_cloud(anonymous, ready.at("armEndpoint"), {}));
        session = std::make_unique<auth::Session>(anonymous, *clock, group, cloud, settings, tools);
        authenticated = std::make_unique<http::Pipeline>(
            http::make_pipeline(parts, *session, http::trusted_hosts(cloud)));
        client = std::make_unique<azure::Client>(*authenticated, anonymous, *clock, cloud);
    }

    template <typename T>
    T run(asio::awaitable<T> task) {
        return test::run(loop, std::move(task));
    }

    void run(asio::awaitable<void> task) { test::run(loop, std::move(task)); }

    template <typename T>
    Error failure(asio::awaitable<T> task) {
        return error_of([&] { run(std::move(task)); });
    }

    azure::DataPlane plane() { return run(client->data_plane(workspace, {})); }

    const nlohmann::json& ready = emulator();
    std::string subscription = ready.at("subscriptionId");
    azure::ResourceId workspace = azure::ResourceId::workspace(
        subscription, ready.at("resourceGroup"), ready.at("workspace"));
    asio::io_context loop{1};
    std::unique_ptr<async::Clock> clock = async::system_clock();
    std::unique_ptr<Random> random = system_random();
    async::TaskGroup group{loop.get_executor(), nullptr};
    std::unique_ptr<http::Transport> transport = std::make_unique<http::CpprestTransport>();
    http::PipelineParts parts{*transport, *clock, *random, Log(), "aml-tests", {}};
    http::Pipeline anonymous = http::make_anonymous_pipeline(parts);
    auth::SignInSettings settings;
    auth::SignInTools tools;
    http::Cloud cloud;
    std::unique_ptr<auth::Session> session;
    std::unique_ptr<http::Pipeline> authenticated;
    std::unique_ptr<azure::Client> client;
};

}  // namespace aml::test
