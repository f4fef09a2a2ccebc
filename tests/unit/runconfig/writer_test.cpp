#include "runconfig/writer.hpp"

#include "runconfig/run_configuration.hpp"
#include "support/error.hpp"

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

std::string edited(const std::string& text, const std::vector<TextEdit>& edits) {
    return apply_in_turn(text, edits);
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

TEST_CASE("a value is replaced and the rest of the text stays as it was") {
    const std::string text =
        "{\n    // mine\n    \"compute\" :  \"azureml:a\",\n    \"tags\": { \"k\": \"v\" }\n}";
    const JsonDocument document(text);
    CHECK(edited(text, set_value(document, {"compute"}, "azureml:b")) ==
          "{\n    // mine\n    \"compute\" :  \"azureml:b\",\n    \"tags\": { \"k\": \"v\" }\n}");
    CHECK(edited(text, set_value(document, {"tags", "n"}, "1"))
              .find(R"("tags": { "k": "v", "n": "1" })") != std::string::npos);
    CHECK(set_value(document, {"compute"}, "azureml:a").empty());
    CHECK(edited(text, set_value(document, {"limits", "timeout"}, 60))
              .ends_with(",\n    \"limits\": { \"timeout\": 60 }\n}"));
}

TEST_CASE("members are added with the document's own line ends, indentation and depth") {
    const std::string text = "{\r\n\t\"a\": {\r\n\t\t\"b\": 1\r\n\t}\r\n}";
    const JsonDocument document(text);
    CHECK(
        edited(text, set_value(document, {"a", "c"}, json::parse("{\"d\":[],\"e\":{\"f\":1}}"))) ==
        "{\r\n\t\"a\": {\r\n\t\t\"b\": 1,\r\n\t\t\"c\": {\r\n\t\t\t\"d\": [],\r\n\t\t\t\"e\": { "
        "\"f\": 1 }\r\n\t\t}\r\n\t}\r\n}");
    const JsonDocument empty("{}");
    CHECK(edited("{}", set_value(empty, {"a"}, 1)) == "{\n  \"a\": 1\n}");
    const JsonDocument missing("{ \"a\": }");
    CHECK(edited("{ \"a\": }", set_value(missing, {"a"}, 1)) == "{ \"a\": 1 }");
}

TEST_CASE("setting below something that is no object is refused") {
    const JsonDocument document(R"({"environment": "azureml:e:1"})");
    CHECK_THROWS_WITH_AS(set_value(document, {"environment", "image"}, "x"),
                         "“environment.image” cannot be set: “environment” is not an object.",
                         Error);
}

TEST_CASE("a member is removed with its comma wherever it stands") {
    const std::string text = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}";
    const JsonDocument document(text);
    CHECK(edited(text, remove_value(document, {"a"})) == "{\n  \"b\": 2,\n  \"c\": 3\n}");
    CHECK(edited(text, remove_value(document, {"b"})) == "{\n  \"a\": 1,\n  \"c\": 3\n}");
    CHECK(edited(text, remove_value(document, {"c"})) == "{\n  \"a\": 1,\n  \"b\": 2\n}");
    CHECK(remove_value(document, {"d"}).empty());
    const JsonDocument one("{ \"a\": { \"b\": 1, } }");
    CHECK(edited("{ \"a\": { \"b\": 1, } }", remove_value(one, {"a", "b"})) == "{ \"a\": {} }");
}
