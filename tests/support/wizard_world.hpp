#pragma once

#include "support/azure_session.hpp"
#include "support/scripted_prompter.hpp"
#include "workspace/catalog.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <string>

namespace aml::test {

/// A project with a script and an Azure with one workspace "w" in the subscription "Dev": what the
/// wizard asks about.
struct WizardWorld : AzureSession {
    static constexpr auto version = "api-version=2025-12-01";

    WizardWorld() {
        know_data_plane();
        script = project.write("mnist starter/train.py", "print('hi')\n");
    }

    static std::string provider(const std::string& rest) {
        return "/subscriptions/s/providers/Microsoft.MachineLearningServices" + rest;
    }

    static nlohmann::json workspace_json() {
        return {{"id", workspace().to_string()},
                {"name", "w"},
                {"location", "eastus2"},
                {"kind", "Default"},
                {"properties",
                 {{"friendlyName", "w"}, {"discoveryUrl", std::string(api) + "/discovery"}}}};
    }

    static nlohmann::json compute_json(const std::string& name) {
        const nlohmann::json scale{
            {"minNodeCount", 0}, {"maxNodeCount", 4}, {"nodeIdleTimeBeforeScaleDown", "PT120S"}};
        return {{"id", workspace().child("computes", name).to_string()},
                {"name", name},
                {"location", "eastus2"},
                {"properties",
                 {{"computeType", "AmlCompute"},
                  {"provisioningState", "Succeeded"},
                  {"properties",
                   {{"vmSize", "STANDARD_DS3_V2"},
                    {"vmPriority", "Dedicated"},
                    {"scaleSettings", scale},
                    {"currentNodeCount", 0},
                    {"targetNodeCount", 0},
                    {"allocationState", "Steady"}}}}}};
    }

    static nlohmann::json size_json(const std::string& name,
                                    int cores,
                                    int gpus,
                                    bool low_priority) {
        const nlohmann::json price{
            {"retailPrice", 0.27}, {"osType", "Linux"}, {"vmTier", "Standard"}};
        return {{"name", name},
                {"family", cores == 4 ? "standardDSv2Family" : "f"},
                {"vCPUs", cores},
                {"gpus", gpus},
                {"memoryGB", 14},
                {"lowPriorityCapable", low_priority},
                {"supportedComputeTypes", {"AmlCompute", "ComputeInstance"}},
                {"estimatedVMPrices", {{"billingCurrency", "USD"}, {"values", {price}}}}};
    }

    static nlohmann::json list_of(nlohmann::json items) { return {{"value", std::move(items)}}; }

    ExpectedCall& subscriptions() {
        nlohmann::json item{{"subscriptionId", "s"},
                            {"displayName", "Dev"},
                            {"tenantId", "t"},
                            {"state", "Enabled"}};
        auto& call = http.expect_get("/subscriptions?api-version=2022-12-01");
        return call.reply(200, list_of(nlohmann::json::array({std::move(item)})));
    }

    ExpectedCall& workspaces() {
        auto& call = http.expect_get(provider("/workspaces?") + version);
        return call.reply(200, list_of(nlohmann::json::array({workspace_json()})));
    }

    ExpectedCall& one_workspace() {
        return http.expect_get(workspace().to_string() + "?" + version)
            .reply(200, workspace_json());
    }

    ExpectedCall& experiments(nlohmann::json items) {
        return http.expect_post(data("history/v1.0", "/experiments:query"))
            .reply(200, list_of(std::move(items)));
    }

    ExpectedCall& computes(nlohmann::json items) {
        return http.expect_get(workspace().to_string() + "/computes?" + version)
            .reply(200, list_of(std::move(items)));
    }

    ExpectedCall& sizes() {
        auto& call = http.expect_get(provider("/locations/eastus2/vmSizes?") + version);
        return call.reply(200,
                          list_of({size_json("Standard_DS3_v2", 4, 0, true),
                                   size_json("Standard_E4s_v3", 4, 0, false),
                                   size_json("Standard_NC4as_T4_v3", 6, 1, false)}));
    }

    ExpectedCall& usages() {
        auto& call = http.expect_get(provider("/locations/eastus2/usages?") + version);
        const nlohmann::json name{{"value", "Standard DSv2 Family Cluster Dedicated vCPUs"}};
        const nlohmann::json item{{"currentValue", 8}, {"limit", 24}, {"name", name}};
        return call.reply(200, list_of(nlohmann::json::array({item})));
    }

    ExpectedCall& environments(nlohmann::json items) {
        auto& call = http.expect_get(workspace().to_string() + "/environments?" + version +
                                     "&listViewType=ActiveOnly");
        return call.reply(200, list_of(std::move(items)));
    }

    ExpectedCall& no_registry() {
        auto& call = http.expect_get(std::string(api) +
                                     "/registrymanagement/v1.0/registries/azureml/discovery");
        return call.reply(404, nlohmann::json::object());
    }

    static nlohmann::json experiment_json(const std::string& name, const std::string& created) {
        return {{"experimentId", "id-" + name}, {"name", name}, {"createdUtc", created}};
    }

    /// Everything a whole run of the wizard may ask for, however often.
    void everything() {
        subscriptions().any_times();
        workspaces().any_times();
        one_workspace().any_times();
        experiments({experiment_json("older", "2025-01-01T00:00:00Z"),
                     experiment_json("mnist", "2025-06-01T00:00:00Z")})
            .any_times();
        computes({compute_json("cpu")}).any_times();
        sizes().any_times();
        usages().any_times();
        nlohmann::json own{{"name", "my-env"}, {"properties", {{"latestVersion", "3"}}}};
        nlohmann::json curated{{"name", "AzureML-sklearn-1.5"},
                               {"properties", {{"latestVersion", "21"}}}};
        environments({own, curated}).any_times();
        no_registry().any_times();
    }

    std::filesystem::path in_project(const std::string& name) const {
        return script.parent_path() / name;
    }

    static std::string text_of(const std::filesystem::path& file) {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    TemporaryDirectory project;
    std::filesystem::path script;
    workspace::Catalog catalog{access, clock, tasks};
    ScriptedPrompter prompter;
};

}  // namespace aml::test
