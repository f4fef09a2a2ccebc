#pragma once

#include "arm/arm.hpp"
#include "core/context.hpp"
#include "core/identity.hpp"
#include "support/fake_clock.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace aml::emulator::test {

/// Remembers what it was told; clusters have no nodes.
class FakeScheduler final : public Scheduler {
public:
    void run_created(std::string_view, std::string_view run) override {
        calls.push_back(fmt::format("created {}", run));
    }

    void cancel_requested(std::string_view, std::string_view run) override {
        calls.push_back(fmt::format("cancel {}", run));
    }

    void run_deleted(std::string_view, std::string_view run) override {
        calls.push_back(fmt::format("deleted {}", run));
    }

    void compute_changed(std::string_view, std::string_view name) override {
        calls.push_back(fmt::format("changed {}", name));
    }

    void compute_deleted(std::string_view, std::string_view name) override {
        calls.push_back(fmt::format("gone {}", name));
    }

    ClusterState cluster(std::string_view, std::string_view) const override { return {}; }

    std::vector<std::string> calls;
};

class FakeStorage final : public BlobStorage {
public:
    std::string account_url(std::string_view base, std::string_view account) const override {
        return fmt::format("{}/{}", base, account);
    }

    void ensure_container(std::string_view, std::string_view container) override {
        containers.emplace_back(container);
    }

    std::string container_sas(std::string_view,
                              std::string_view container,
                              std::string_view permissions,
                              std::chrono::seconds) const override {
        return fmt::format("sp={}&sig={}", permissions, container);
    }

    void remove_account(std::string_view account) override { removed.emplace_back(account); }

    std::vector<std::string> containers;
    std::vector<std::string> removed;
};

/// The ARM part on an in-memory state with a clock that stands still; calls go straight to the
/// handlers.
class ArmWorld {
public:
    explicit ArmWorld(std::size_t page_size = 50) {
        settings.page_size = page_size;
        context = std::make_unique<Context>(Context{settings,
                                                    {},
                                                    {},
                                                    clock,
                                                    *random,
                                                    pool,
                                                    tasks,
                                                    store,
                                                    resources,
                                                    runs,
                                                    tenants,
                                                    tokens,
                                                    load_identity(store, *random),
                                                    "http://127.0.0.1:1",
                                                    {}});
        arm = std::make_unique<Arm>(*context, router, scheduler, storage);
        arm->add_routes();
        arm->start();
        const auto& identity = context->identity;
        workspace = fmt::format(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.MachineLearningServices/"
            "workspaces/{}",
            identity.subscription_id,
            identity.resource_group,
            identity.workspace);
        location = fmt::format(
            "/subscriptions/{}/providers/Microsoft.MachineLearningServices/locations/{}",
            identity.subscription_id,
            identity.location);
    }

    ArmWorld(const ArmWorld&) = delete;
    ArmWorld& operator=(const ArmWorld&) = delete;

    ~ArmWorld() {
        tasks.request_stop();
        loop.restart();
        loop.run();
    }

    /// `path` may be a whole URL and may hold a query. Returns the reply, also when it is an error.
    Reply call(const std::string& method, std::string path, const json& body = nullptr) {
        Request request;
        request.base_url = "http://127.0.0.1:1";
        if (path.starts_with(request.base_url)) path = path.substr(request.base_url.size());
        const auto mark = path.find('?');
        request.method = method;
        request.path = path.substr(0, mark);
        request.query = Query::parse(mark == std::string::npos
                                         ? "api-version=2025-12-01"
                                         : path.substr(mark + 1) + "&api-version=2025-12-01");
        request.received = clock.now();
        request.caller = {context->identity.tenant_id, "o", "Demo User", "User"};
        request.headers = headers;
        if (!body.is_null()) request.body = body.dump();
        auto match = router.find(method, request.path);
        if (match.route == nullptr) return Reply::empty(404);
        request.params = match.params;
        try {
            return std::get<SyncHandler>(match.route->handler)(request);
        } catch (const Refused& refused) {
            return refused.reply();
        }
    }

    Reply get(const std::string& path) { return call("GET", path); }

    /// Below the workspace.
    Reply put(const std::string& path, const json& body) {
        return call("PUT", workspace + path, body);
    }

    json list(const std::string& path) { return body_of(get(workspace + path))["value"]; }

    static json body_of(const Reply& reply) {
        return json::parse(std::get<std::string>(reply.body));
    }

    /// Lets time pass and what is due happen.
    void pass(std::chrono::milliseconds time) {
        run_ready();
        clock.advance(time);
        run_ready();
    }

    void run_ready() {
        loop.restart();
        loop.poll();
    }

    /// Of every request.
    Headers headers;
    asio::io_context loop{1};
    aml::test::FakeClock clock;
    Settings settings;
    std::unique_ptr<Random> random = system_random();
    asio::thread_pool pool{1};
    async::TaskGroup tasks{loop.get_executor(), nullptr};
    Store store{":memory:"};
    ResourceStore resources{store};
    RunStore runs{store, *random};
    Tenants tenants{store};
    TokenService tokens{store};
    Router router;
    FakeScheduler scheduler;
    FakeStorage storage;
    std::unique_ptr<Context> context;
    std::unique_ptr<Arm> arm;
    std::string workspace;
    std::string location;
};

}  // namespace aml::emulator::test
