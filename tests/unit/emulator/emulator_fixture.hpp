#pragma once

#include "blob/blob_service.hpp"
#include "compute/job_scheduler.hpp"
#include "core/context.hpp"
#include "core/digest.hpp"
#include "data/data_service.hpp"
#include "support/aml_program.hpp"
#include "support/fake_clock.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"
#include "support/wait_until.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace aml::emulator::test {

/// A body that is there as a whole.
class TextBody final : public BodyReader {
public:
    explicit TextBody(std::string text)
        : text_(std::move(text)) {}

    asio::awaitable<std::string> read() override { co_return std::exchange(text_, ""); }

    std::optional<std::uint64_t> length() const override { return text_.size(); }

private:
    std::string text_;
};

/// The parts of the emulator on a state folder, without sockets: requests go straight to the
/// handlers. Destroying it is what a kill would leave, as far as the state folder is concerned.
class EmulatorParts final {
public:
    explicit EmulatorParts(const std::filesystem::path& state)
        : store(state / "emulator.db"),
          resources(store),
          runs(store, *random),
          tenants(store),
          tokens(store),
          context{settings,
                  state,
                  Log(),
                  clock,
                  *random,
                  pool,
                  tasks,
                  store,
                  resources,
                  runs,
                  tenants,
                  tokens,
                  Identity{},
                  "http://127.0.0.1:1",
                  {}},
          blobs(context, router),
          metrics(store),
          scheduler(context, blobs, metrics),
          data(context, router, blobs, metrics, scheduler) {
        if (!resources.find_workspace_by_id("w")) resources.put_workspace(make_workspace());
        workspace = *resources.find_workspace_by_id("w");
        blobs.add_routes();
        data.add_routes();
        scheduler.start();
    }

    EmulatorParts(const EmulatorParts&) = delete;
    EmulatorParts& operator=(const EmulatorParts&) = delete;

    ~EmulatorParts() {
        tasks.request_stop();
        aml::test::run(loop, tasks.join());
        pool.join();
    }

    /// What the route answers, refusals included.
    Reply send(const std::string& method,
               const std::string& target,
               std::string body = "",
               Headers headers = {}) {
        Request request;
        request.method = method;
        request.target = target;
        request.path = target.substr(0, target.find('?'));
        if (const auto mark = target.find('?'); mark != std::string::npos) {
            request.query = Query::parse(target.substr(mark + 1));
        }
        request.headers = std::move(headers);
        request.base_url = context.base_url;
        request.received = clock.now();
        request.caller.name = "Demo User";
        request.caller.tenant = caller_tenant;
        const auto match = router.find(method, request.path);
        if (match.route == nullptr)
            throw std::runtime_error("no route for " + method + " " + target);
        request.params = match.params;
        TextBody reader(body);
        request.body = std::move(body);
        try {
            return aml::test::run(loop, answer(*match.route, request, reader));
        } catch (const Refused& refused) {
            return refused.reply();
        }
    }

    /// A JSON call of the data plane: `path` follows the workspace.
    json call(const std::string& method,
              const std::string& service,
              const std::string& path,
              const json& body) {
        const auto reply = send(
            method, "/" + service + workspace.arm_id() + path, body.is_null() ? "" : body.dump());
        return json::parse(std::get<std::string>(reply.body));
    }

    /// Lets the emulator and its jobs work until `condition` holds; false after a minute.
    template <typename Condition>
    bool wait_until(Condition condition) {
        return aml::test::wait_until(loop, std::move(condition));
    }

    Settings settings = make_settings();
    asio::io_context loop{1};
    aml::test::FakeClock clock;
    std::unique_ptr<Random> random = system_random();
    asio::thread_pool pool{2};
    async::TaskGroup tasks{loop.get_executor(), [](std::exception_ptr) {}};
    Store store;
    ResourceStore resources;
    RunStore runs;
    Tenants tenants;
    TokenService tokens;
    Router router;
    Context context;
    BlobService blobs;
    MetricStore metrics;
    JobScheduler scheduler;
    DataService data;
    Workspace workspace;
    std::string caller_tenant;

private:
    static Settings make_settings() {
        Settings settings;
        settings.environments = Environments::System;
        settings.program = aml::test::aml_program();
        settings.node_start = std::chrono::milliseconds(0);
        return settings;
    }

    static Workspace make_workspace() {
        Workspace workspace;
        workspace.id = "w";
        workspace.subscription = "s";
        workspace.resource_group = "g";
        workspace.name = "ws";
        workspace.location = "eastus";
        workspace.storage_account = "account";
        workspace.storage_key = base64_encode("0123456789abcdef");
        workspace.body = json::object();
        workspace.system_data = json::object();
        return workspace;
    }

    static asio::awaitable<Reply> answer(const Route& route,
                                         const Request& request,
                                         BodyReader& body) {
        if (const auto* handler = std::get_if<SyncHandler>(&route.handler))
            co_return (*handler)(request);
        if (const auto* handler = std::get_if<AsyncHandler>(&route.handler))
            co_return co_await (*handler)(request);
        co_return co_await std::get<StreamHandler>(route.handler)(request, body);
    }
};

}  // namespace aml::emulator::test
