#pragma once

#include "azure/client.hpp"
#include "http/cloud.hpp"
#include "http/policies.hpp"
#include "support/error_of.hpp"
#include "support/fake_clock.hpp"
#include "support/run.hpp"
#include "support/scripted_http.hpp"
#include "support/seeded_random.hpp"

#include <string>
#include <utility>

namespace aml::test {

inline constexpr auto subscription = "22222222-3333-4444-5555-666666666666";

/// The path of the workspace all fixtures are about.
inline std::string workspace_path() {
    return std::string("/subscriptions/") + subscription +
           "/resourceGroups/rg1/providers/Microsoft.MachineLearningServices/workspaces/w1";
}

class OneToken final : public http::Credential {
public:
    asio::awaitable<http::AccessToken> token(http::TokenRequest request, std::stop_token) override {
        tenants.push_back(request.tenant);
        scopes.push_back(request.scope);
        http::AccessToken token;
        token.value = Secret("token");
        co_return token;
    }

    std::vector<std::string> tenants;
    std::vector<std::string> scopes;
};

/// A client of public Azure whose every call is scripted.
struct AzureFixture {
    asio::io_context loop{1};
    FakeClock clock{FakeClock::Mode::Jump};
    SeededRandom random;
    ScriptedHttp server;
    OneToken credential;
    http::PipelineParts parts{server, clock, random, Log(), "aml", {}};
    http::Pipeline authenticated =
        http::make_pipeline(parts, credential, http::trusted_hosts(http::public_cloud()));
    http::Pipeline anonymous = http::make_anonymous_pipeline(parts);
    azure::Client client{authenticated, anonymous, clock, http::public_cloud()};
    azure::ResourceId workspace = *azure::ResourceId::parse(workspace_path());
    azure::DataPlane plane{workspace, "https://eastus2.api.azureml.ms", "https://ml.azure.com"};

    /// "https://management.azure.com{workspace}{rest}" with the api-version, and `query` after it.
    static std::string arm(const std::string& rest, const std::string& query = {}) {
        return "https://management.azure.com" + workspace_path() + rest +
               "?api-version=2025-12-01" + query;
    }

    static std::string data(const std::string& service, const std::string& rest) {
        return "https://eastus2.api.azureml.ms/" + service + workspace_path() + rest;
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
};

}  // namespace aml::test
