#include "runconfig/writer.hpp"

#include "runconfig/run_configuration.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml;
using namespace aml::runconfig;
using nlohmann::ordered_json;

namespace {

NewRunConfiguration sample() {
    NewRunConfiguration choices;
    choices.script = "/work/train_universal.py";
    choices.experiment = "mnist";
    choices.compute = "cpu-cluster";
    InlineEnvironment sklearn;
    sklearn.name = "sklearn";
    sklearn.image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04";
    sklearn.conda = ordered_json::parse(
        R"({"channels":["conda-forge"],"dependencies":["python=3.11","pip",{"pip":["scikit-learn","mlflow-skinny"]}]})");
    choices.environment = sklearn;
    return choices;
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

TEST_CASE("what is written is read without a problem") {
    auto choices = sample();
    // The name of the script is quoted for the shell.
    choices.script = "/w/my train's.py";
    choices.environment =
        std::get<AssetReference>(parse_asset_reference("azureml:e@latest", "environments"));
    const auto analysis = analyse(to_text(choices));
    CHECK(analysis.diagnostics.empty());
    REQUIRE(analysis.job);
    CHECK(program_of(*analysis.job)->command == R"(python 'my train'\''s.py')");
    CHECK(basics_of(*analysis.job).compute.name == "cpu-cluster");
    CHECK(basics_of(*analysis.job).display_name == "my train's");
}

TEST_CASE("a script that looks like an option is no option, and serverless is no compute") {
    auto choices = sample();
    choices.script = "/w/-x.py";
    choices.compute = "serverless";
    const auto written = ordered_json::parse(to_text(choices));
    CHECK(written["command"] == "python ./-x.py");
    CHECK_FALSE(written.contains("compute"));
}

TEST_CASE("the file of packages that the environment is made of is named") {
    auto choices = sample();
    auto& environment = std::get<InlineEnvironment>(choices.environment);
    environment.conda.reset();
    environment.conda_path = "./conda.yml";
    CHECK(to_text(choices).find(R"("conda_file": "./conda.yml")") != std::string::npos);
}
