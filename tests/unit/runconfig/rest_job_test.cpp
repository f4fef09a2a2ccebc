#include "runconfig/rest_job.hpp"

#include "runconfig/run_configuration.hpp"
#include "support/error_of.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace aml;
using namespace aml::runconfig;
using nlohmann::json;

namespace {

/// The least a body has; `more` replaces or adds members of `properties`.
json body(json more) {
    json properties = {
        {"jobType", "Command"},
        {"command", "python t.py"},
        {"environmentId",
         "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/"
         "w/environments/e/versions/1"}};
    properties.update(more);
    return {{"properties", std::move(properties)}};
}

// Every member of the REST reference's example, one case each.
const std::vector<json> bodies{
    body(json::object()),
    body({{"displayName", "train"},
          {"experimentName", "e"},
          {"description", "d"},
          {"parentJobName", "p"}}),
    body({{"tags", {{"k", "v"}}}, {"properties", {{"mlflow.source.git.branch", "main"}}}}),
    body({{"codeId",
           "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/"
           "workspaces/w/codes/c/versions/1"}}),
    body({{"computeId",
           "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/"
           "workspaces/w/computes/cpu"}}),
    body({{"environmentId", "azureml:AzureML-sklearn:33"}}),
    body({{"environmentId", "azureml://registries/azureml/environments/e/versions/2"}}),
    body({{"inputs", {{"lr", {{"jobInputType", "literal"}, {"value", "0.01"}}}}}}),
    body({{"inputs",
           {{"d",
             {{"jobInputType", "uri_folder"},
              {"uri", "azureml://datastores/b/paths/d/"},
              {"mode", "ReadOnlyMount"},
              {"description", "x"}}}}}}),
    body({{"inputs",
           {{"t", {{"jobInputType", "mltable"}, {"uri", "https://x/y"}, {"mode", "EvalDownload"}}},
            {"m",
             {{"jobInputType", "mlflow_model"}, {"uri", "azureml:m:1"}, {"mode", "Download"}}}}}}),
    body({{"outputs", {{"model", {{"jobOutputType", "uri_folder"}, {"mode", "ReadWriteMount"}}}}}}),
    body({{"outputs",
           {{"model",
             {{"jobOutputType", "mlflow_model"},
              {"uri", "azureml://x"},
              {"mode", "Upload"},
              {"assetName", "a"},
              {"assetVersion", "2"},
              {"description", "d"}}}}}}),
    body({{"resources",
           {{"instanceCount", 2},
            {"maxInstanceCount", 4},
            {"instanceType", "Standard_D2"},
            {"shmSize", "2g"},
            {"dockerArgs", "--ipc=host"},
            {"locations", {"eastus"}},
            {"properties", {{"a", {{"b", nullptr}}}}}}}}),
    body({{"resources", {{"dockerArgsList", {"--ipc=host", "-v"}}}}}),
    body({{"distribution", {{"distributionType", "PyTorch"}, {"processCountPerInstance", 4}}}}),
    body({{"distribution", {{"distributionType", "Mpi"}, {"processCountPerInstance", 1}}}}),
    body({{"distribution",
           {{"distributionType", "TensorFlow"}, {"workerCount", 2}, {"parameterServerCount", 1}}}}),
    body({{"limits", {{"jobLimitsType", "Command"}, {"timeout", "PT3600S"}}}}),
    body({{"queueSettings", {{"jobTier", "Spot"}}}}),
    body({{"queueSettings", {{"jobTier", "Null"}, {"priority", 3}}}}),
    body({{"environmentVariables", {{"A", "1"}, {"B", ""}}}}),
    body({{"identity", {{"identityType", "AMLToken"}}}}),
    body({{"identity", {{"identityType", "UserIdentity"}}}}),
    body({{"identity",
           {{"identityType", "Managed"},
            {"clientId", "c"},
            {"objectId", "o"},
            {"resourceId", "r"}}}}),
    body({{"services",
           {{"j", {{"jobServiceType", "JupyterLab"}, {"nodes", {{"nodesValueType", "All"}}}}},
            {"v", {{"jobServiceType", "VSCode"}}}}}}),
    body(
        {{"services",
          {{"s",
            {{"jobServiceType", "SSH"}, {"properties", {{"sshPublicKeys", "k"}, {"other", "x"}}}}},
           {"t",
            {{"jobServiceType", "TensorBoard"}, {"port", 6006}, {"properties", {{"logDir", "l"}}}}},
           {"c", {{"jobServiceType", "Custom"}}}}}}),
    body({{"notificationSetting", {{"emailOn", {"JobCompleted"}}, {"emails", {"a@b.c"}}}},
          {"isArchived", false}}),
};

}  // namespace

TEST_CASE("a job read from Azure goes back without loss") {
    for (const auto& example : bodies) {
        CAPTURE(example.dump());
        const auto read = from_rest(example);
        CHECK(to_rest(read.job, read.resolved) == example);
    }
}

TEST_CASE("what Azure adds to a job of its own is dropped") {
    const auto plain = body(json::object());
    const auto answered =
        body({{"status", "Running"},
              {"parameters", json::object()},
              {"componentId", nullptr},
              {"identity", nullptr},
              {"tags", json::object()},
              {"services",
               {{"Studio", {{"jobServiceType", "Studio"}, {"endpoint", "https://ml.azure.com"}}}}},
              {"outputs",
               {{"default",
                 {{"jobOutputType", "uri_folder"},
                  {"uri", "azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.x"}}}}}});
    const auto read = from_rest(answered);
    CHECK(to_rest(read.job, read.resolved) == plain);
}

TEST_CASE("a file's words become the service's words and ids") {
    auto analysis = analyse(
        R"({"command": "t ${{inputs.d}}", "environment": "azureml:e@latest", "compute": "azureml:c",
        "inputs": {"d": {"path": "./data", "mode": "ro_mount"}, "n": 3}, "limits": {"timeout": 90}})");
    REQUIRE(analysis.job);
    ResolvedReferences resolved;
    resolved.environment_id = "/e";
    resolved.compute_id = "/c";
    resolved.input_uris["d"] = "azureml://datastores/b/paths/LocalUpload/1/data/";
    const auto properties = to_rest(*analysis.job, resolved).at("properties");
    CHECK(properties.at("inputs").at("d").at("uri") ==
          "azureml://datastores/b/paths/LocalUpload/1/data/");
    CHECK(properties.at("inputs").at("d").at("mode") == "ReadOnlyMount");
    CHECK(properties.at("inputs").at("n").at("value") == "3");
    CHECK(properties.at("limits").at("timeout") == "PT90S");
    CHECK(properties.at("computeId") == "/c");
}

TEST_CASE("a job that is none is refused with the place") {
    const auto message = [](const json& resource) {
        const auto error = test::error_of([&] { from_rest(resource); });
        CHECK(error.kind() == ErrorKind::Rejected);
        return error.message();
    };
    CHECK(message(json::array()).ends_with("/ is not an object."));
    CHECK(message({{"properties", {{"jobType", "Sweep"}}}})
              .ends_with("/properties/jobType is not Command."));
    CHECK(message(body({{"command", 1}})).ends_with("/properties/command is not text."));
    CHECK(message(body({{"inputs", {{"a", {{"value", 1}}}}}}))
              .ends_with("/properties/inputs/a/value is not text."));
    CHECK(message(body({{"limits", {{"timeout", "1h"}}}}))
              .ends_with("/properties/limits/timeout is not a duration."));
}

TEST_CASE("ISO durations") {
    CHECK(parse_iso_duration("PT1H30M") == std::chrono::seconds(5400));
    CHECK(parse_iso_duration("P1DT2H0.5S") == std::chrono::seconds(93600));
    CHECK(parse_iso_duration("PT90S") == std::chrono::seconds(90));
    for (const auto* text : {"", "PT", "1H", "PT1", "PT1X", "P1M", "PT-1S", "P1H"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_iso_duration(text).has_value());
    }
    CHECK(to_iso_duration(std::chrono::hours(1)) == "PT3600S");
}
