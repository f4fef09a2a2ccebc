#include "runconfig/writer.hpp"

#include "runconfig/run_configuration.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml;
using namespace aml::runconfig;
using json = nlohmann::ordered_json;

namespace {

CommandJob sample() {
    NewRunConfiguration choices;
    choices.script = "/work/train_universal.py";
    choices.experiment = "mnist";
    choices.compute = "cpu-cluster";
    InlineEnvironment environment;
    environment.name = "sklearn";
    environment.image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04";
    environment.conda = json::parse(
        R"({"channels":["conda-forge"],"dependencies":["python=3.11","pip",{"pip":["scikit-learn","mlflow-skinny"]}]})");
    choices.environment = environment;
    return make_job(choices);
}

}  // namespace

TEST_CASE("a new configuration has the documented layout") {
    CHECK(to_text(sample()) == R"({
  "$schema": "https://azuremlschemas.azureedge.net/latest/commandJob.schema.json",
  "type": "command",
  "experiment_name": "mnist",
  "display_name": "train_universal",
  "compute": "azureml:cpu-cluster",
  "code": ".",
  "command": "python train_universal.py",
  "environment": {
    "name": "sklearn",
    "image": "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04",
    "conda_file": {
      "channels": ["conda-forge"],
      "dependencies": ["python=3.11", "pip", { "pip": ["scikit-learn", "mlflow-skinny"] }]
    }
  },
  "environment_variables": {},
  "tags": {}
}
)");
}

TEST_CASE("what is written is read back as the same job, every key included") {
    auto job = sample();
    job.name = "n";
    job.description = "d";
    job.parent_job_name = "p";
    job.tags = {{"k", "v\n\""}};
    job.properties = {{"a", "b"}};
    job.environment_variables = {{"A", "é😀"}};
    job.inputs["lr"] = LiteralInput{"0.1"};
    job.inputs["data"] =
        DataInput{"mltable", "azureml:d:1", "eval_mount", "file:/d", "store", "what"};
    job.outputs["o"] = Output{"uri_file", "azureml://x", "upload", "name", "2", "d"};
    job.resources = Resources{
        2, 4, "Standard_D2", "2g", std::nullopt, {"--a", "--b"}, {"eastus"}, {{"x", {{"y", 1}}}}};
    job.distribution = Distribution{"tensorflow",
                                    std::nullopt,
                                    2,
                                    1,
                                    std::nullopt,
                                    std::nullopt,
                                    std::nullopt,
                                    std::nullopt,
                                    std::nullopt,
                                    std::nullopt};
    job.timeout = std::chrono::seconds(60);
    job.queue_settings = QueueSettings{"spot", "low"};
    job.identity = Identity{"managed", "c", "o", "r"};
    job.services["s"] = JobService{"ssh", 22, "all", "key", std::nullopt, {{"p", "q"}}};
    const auto analysis = analyse(to_text(job));
    for (const auto& diagnostic : analysis.diagnostics) MESSAGE(format("f", diagnostic));
    REQUIRE(analysis.job.has_value());
    CHECK(*analysis.job == job);
    job.environment =
        std::get<AssetReference>(parse_asset_reference("azureml:e@latest", "environments"));
    job.compute = {};
    CHECK(*analyse(to_text(job)).job == job);
}

TEST_CASE("names that a shell would take apart are quoted in the command") {
    auto choices = NewRunConfiguration{"/w/my train's.py", "e", "c", {}, "--lr 1"};
    CHECK(make_job(choices).command == R"(python 'my train'\''s.py' --lr 1)");
}
