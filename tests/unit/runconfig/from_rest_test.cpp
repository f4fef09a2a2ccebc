#include "runconfig/from_rest.hpp"

#include "support/error_of.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace aml;
using nlohmann::json;

TEST_CASE("what the service has added to a job is no part of its configuration") {
    // Shortened from an answer of Azure.
    const auto properties = json::parse(R"({
        "jobType": "Command", "displayName": "brave_fig", "experimentName": "mnist", "status": "Completed",
        "isArchived": false, "componentId": null, "description": null, "tags": {"owner": "me", "_aml_system_ComputeTargetStatus": "{}", "mlflow.loggedArtifacts": "[]"},
        "properties": {"_azureml.ComputeTargetType": "amlctrain", "ContentSnapshotId": "1",
            "azureml.git.branch": "main", "mlflow.source.git.commit": "c", "mine": "yes"},
        "services": {"Studio": {"jobServiceType": "Studio", "endpoint": "https://ml.azure.com/x"},
            "lab": {"jobServiceType": "JupyterLab", "endpoint": null, "status": "Running", "nodes": null}},
        "command": "python train.py --rate ${{inputs.rate}} --fast ${{inputs.fast}}",
        "codeId": "/code", "environmentId": "/environment", "computeId": "/compute",
        "inputs": {"rate": {"jobInputType": "literal", "value": "0.1"},
            "fast": {"jobInputType": "literal", "value": "True"},
            "tag": {"jobInputType": "literal", "value": "007"},
            "data": {"jobInputType": "uri_file", "mode": "ReadOnlyMount", "uri": "azureml:mnist:3"}},
        "outputs": {"default": {"jobOutputType": "uri_folder", "uri": "azureml://x"},
            "model": {"jobOutputType": "custom_model", "mode": "Upload",
                "uri": "azureml://datastores/d/paths/azureml/brave_fig/model/"}},
        "environmentVariables": {}, "distribution": null,
        "resources": {"instanceCount": 2, "shmSize": "2g", "properties": {}},
        "limits": {"jobLimitsType": "Command", "timeout": "P1DT1H2M3S"},
        "queueSettings": {"jobTier": "Spot", "priority": 3}
    })");
    const runconfig::SubmittedJob job{.properties = properties,
                                      .name = "brave_fig",
                                      .compute = "azureml:cpu",
                                      .environment = "azureml:e:1",
                                      .code = ".."};
    CHECK(json::parse(runconfig::to_text(job)) == json::parse(R"({
        "$schema": "https://azuremlschemas.azureedge.net/latest/commandJob.schema.json",
        "type": "command", "experiment_name": "mnist", "compute": "azureml:cpu", "code": "..",
        "command": "python train.py --rate ${{inputs.rate}} --fast ${{inputs.fast}}",
        "environment": "azureml:e:1", "tags": {"owner": "me"}, "properties": {"mine": "yes"},
        "inputs": {"rate": 0.1, "fast": true, "tag": "007",
            "data": {"type": "uri_file", "mode": "ro_mount", "path": "azureml:mnist:3"}},
        "outputs": {"model": {"type": "custom_model", "mode": "upload"}},
        "resources": {"instance_count": 2, "shm_size": "2g"},
        "limits": {"timeout": 90123}, "services": {"lab": {"type": "jupyter_lab"}},
        "queue_settings": {"job_tier": "spot", "priority": "high"}
    })"));
}

TEST_CASE("a job of another type is refused by its name") {
    const runconfig::SubmittedJob job{.properties = {{"jobType", "Sweep"}}, .name = "s"};
    const auto error = test::error_of([&] { runconfig::to_text(job); });
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(error.message().find("Sweep") != std::string::npos);
}
