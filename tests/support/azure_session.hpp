#pragma once

#include "async/asio.hpp"
#include "async/task_group.hpp"
#include "azure/client.hpp"
#include "azure/resource_id.hpp"
#include "support/fake_clock.hpp"
#include "support/log_lines.hpp"
#include "support/run.hpp"
#include "support/scripted_http.hpp"
#include "support/seeded_random.hpp"
#include "support/temporary_directory.hpp"
#include "workspace/azure_access.hpp"
#include "workspace/saved_state.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace aml::test {

/// A service principal's way to one Azure of scripted calls, with a state directory of its own:
/// what the classes of `domain` need. Discovery and tokens are answered already; sleeps jump.
struct AzureSession {
    static constexpr auto arm = "http://127.0.0.1:9";
    static constexpr auto api = "http://127.0.0.1:9/api";

    static azure::ResourceId workspace() { return azure::ResourceId::workspace("s", "g", "w"); }

    static azure::ResourceId job(const std::string& name) {
        return workspace().child("jobs", name);
    }

    /// Address of a call to the data plane, e.g. `data("history/v1.0", "/batchrundata")`.
    static std::string data(const std::string& service, const std::string& path) {
        return std::string(api) + "/" + service + workspace().to_string() + path;
    }

    AzureSession() {
        http.expect_get("/metadata/endpoints?api-version=2022-09-01")
            .reply(200,
                   {{"name", "Test"},
                    {"authentication",
                     {{"loginEndpoint", "http://127.0.0.1:9/login"},
                      {"audiences", {arm}},
                      {"tenant", "t"}}},
                    {"suffixes", {{"storage", "localhost"}}}})
            .any_times();
        http.expect_post("/login/t/oauth2/v2.0/token")
            .reply(200,
                   {{"token_type", "Bearer"}, {"access_token", "token"}, {"expires_in", 86'400}})
            .any_times();
    }

    /// Connects, so that the data plane is known without asking for it.
    void know_data_plane() {
        auto* connection = run(loop, access.connect({}));
        connection->client.remember({workspace(), api, "http://127.0.0.1:9/studio"});
    }

    asio::io_context loop{1};
    FakeClock clock{FakeClock::Mode::Jump};
    SeededRandom random;
    ScriptedHttp http;
    std::shared_ptr<LogLines> lines = std::make_shared<LogLines>();
    Log log{lines, LogLevel::Debug};
    TemporaryDirectory directory;
    asio::thread_pool pool{1};
    std::vector<std::string> notices;
    workspace::SavedState state{directory.path(), pool, log, [this](std::string notice) {
                                    notices.push_back(std::move(notice));
                                }};
    async::TaskGroup tasks{loop.get_executor(), nullptr};
    workspace::AccessSettings settings{.arm_endpoint = arm,
                                       .sign_in = {.method = auth::Method::ServicePrincipal,
                                                   .tenant = "t",
                                                   .client_id = "c",
                                                   .client_secret = Secret("x")},
                                       .user_agent = "aml/test"};
    workspace::AzureAccess access{
        http::PipelineParts{http, clock, random, log, "aml/test", {}}, tasks, settings, {}};
};

}  // namespace aml::test
