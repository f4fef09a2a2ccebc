#include "runconfig/checker.hpp"
#include "runconfig/job.hpp"
#include "runconfig/run_configuration.hpp"
#include "support/error.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml::runconfig;

namespace {

/// `"command"` and `"environment"` are there; `more` is added.
std::string with(const std::string& more) {
    return "{\n  \"command\": \"python train.py\",\n  \"environment\": \"azureml:sklearn:1\",\n  " +
           more + "\n}";
}

struct AnalysisCase {
    std::string text;
    /// As `file:line:column: key: message`, the beginnings; all diagnostics in order.
    std::vector<std::string> expected;
};

const std::vector<AnalysisCase> analysis_cases{
    {with("\"tags\": {}"), {}},
    {"[]", {"1:1: A run configuration is an object"}},
    {"{}", {"1:1: command: “command” is missing.", "1:1: environment: “environment” is missing."}},
    // What is missing may stand behind the mistake.
    {"{\n  \"command\" \"x\"\n}", {"2:12: Expected “:” between \"command\" and its value."}},
    {with("\"computee\": \"azureml:c\""),
     {"4:3: computee: “computee” is not a key of this type of job. Did you mean \"compute\"?"}},
    {with("\"displayname\": \"x\""),
     {"4:3: displayname: “displayname” is not a key of this type of job. Did you mean "
      "\"display_name\"?"}},
    {with("\"zzzzzzzz\": 1"),
     {"4:3: zzzzzzzz: “zzzzzzzz” is not a key of this type of job. Known keys: $schema, type,"}},
    {with("\"display_name\": 7"),
     {"4:19: display_name: Expected text in double quotes, found 7. Write \"7\"."}},
    {with("\"description\": null"),
     {"4:18: description: Expected text in double quotes, found null. Leave the key out instead."}},
    {with("\"limits\": { \"timeout\": \"3600\" }"),
     {"4:26: limits.timeout: Expected a whole number, found the text \"3600\". Remove the "
      "quotation marks."}},
    {with("\"limits\": { \"timeout\": 0 }"),
     {"4:26: limits.timeout: Expected 1 or more, found 0."}},
    {with("\"resources\": { \"instance_count\": 1.5 }"),
     {"4:36: resources.instance_count: Expected a whole number, found 1.5."}},
    {with("\"resources\": { \"shm_size\": \"2 GB\" }"),
     {"4:30: resources.shm_size: Expected a number and one of b, k, m, g"}},
    {with("\"resources\": { \"locations\": [1] }"),
     {"4:32: resources.locations: Expected a list of texts, found 1 in it. Write \"1\"."}},
    {with("\"environment_variables\": { \"N\": 8, \"F\": true, \"T\": \"x\" }"), {}},
    {with("\"environment_variables\": { \"N\": [8] }"),
     {"4:35: environment_variables.N: Expected text in double quotes or a number or true or "
      "false, found a list."}},
    {with("\"environment_variables\": { \"A=B\": \"x\" }"),
     {"4:30: environment_variables.A=B: The name of an environment variable"}},
    {with("\"distribution\": { \"type\": \"pytorhc\" }"),
     {"4:29: distribution.type: “pytorhc” is not possible here: expected pytorch, mpi, tensorflow, "
      "ray. Did you mean \"pytorch\"?"}},
    {with("\"distribution\": { \"type\": \"mpi\" }"),
     {"4:19: distribution.process_count_per_instance: “process_count_per_instance” is missing"}},
    {with("\"distribution\": { \"type\": \"ray\" }"),
     {"4:29: distribution.type: “ray” is in preview at Azure ML: it is sent, but your workspace "
      "may "
      "refuse or ignore it."}},
    {with("\"distribution\": { \"type\": \"pytorch\", \"worker_count\": 2 }"),
     {"4:40: distribution.worker_count: “worker_count” does not go with the type “pytorch”. Remove "
      "it."}},
    {with("\"compute\": \"local\""), {"4:14: compute: Running on this machine is not supported"}},
    {with("\"compute\": \"azureml:my cluster\""),
     {"4:14: compute: A compute cannot be called “my cluster”"}},
    {with("\"experiment_name\": \"my experiment\""),
     {"4:22: experiment_name: An experiment cannot be called “my experiment”"}},
    {with("\"status\": \"Running\""),
     {"4:3: status: “status” is set by Azure ML; what is written here is ignored."}},
    {with("\"type\": \"spark\""), {"4:11: type: Jobs of the type “spark” are not supported yet."}},
    {with("\"type\": \"comand\""),
     {"4:11: type: “comand” is not possible here: expected command. Did you mean \"command\"?"}},
    {R"({"$schema": "https://azuremlschemas.azureedge.net/latest/sparkJob.schema.json", "jobs": {}})",
     {"1:13: type: Jobs of the type “spark” are not supported yet."}},
    {with("\"identity\": { \"type\": \"user_identity\", \"client_id\": \"x\" }"),
     {"4:42: identity.client_id: “client_id” does not go with the type “user_identity”."}},
    {with("\"services\": { \"s\": { \"type\": \"ssh\" } }"),
     {"4:17: services.s.ssh_public_keys: “ssh_public_keys” is missing"}},
    {with("\"inputs\": { \"a b\": 1 }"),
     {"4:15: inputs.a b: An input or output cannot be called “a b”"}},
    {with("\"inputs\": { \"d\": {} }"),
     {"4:20: inputs.d.path: “path” is missing: say where the data is."}},
    {with("\"inputs\": { \"d\": \"\" }"), {"4:20: inputs.d: Azure ML takes no empty value"}},
    {with("\"inputs\": { \"d\": { \"path\": \"azureml:mnist\" } }"),
     {"4:30: inputs.d.path: Say which version: \"azureml:mnist:1\", or \"azureml:mnist@latest\""}},
    {with("\"inputs\": { \"d\": { \"path\": \"azureml:m:1\", \"mode\": \"eval_mount\" } }"),
     {"4:53: inputs.d.mode: “eval_mount” is for inputs of the type mltable"}},
    {with("\"outputs\": { \"o\": null, \"p\": {} }"), {}},
    {R"({"command": "python t.py --lr ${{inputs.lr}} ${{ outputs.o }}", "environment": "azureml:e@latest"})",
     {"1:31: command: There is no input “lr”. Add \"lr\" to “inputs”.",
      "1:46: command: There is no output “o”."}},
    {R"({"command": "t ${{inputs.rate}}", "environment": "azureml:e@latest", "inputs": {"rat": 1}})",
     {"1:16: command: There is no input “rate”. Did you mean \"rat\"?"}},
    {R"({"command": "t ${{inputs.lr", "environment": "azureml:e@latest"})",
     {"1:16: command: This expression is never closed"}},
    {R"({"command": "t ${{search_space.lr}}", "environment": "azureml:e@latest"})",
     {"1:16: command: “search_space” is not known in a command job"}},
    {R"({"command": "t $[[--lr ${{inputs.lr}} ]] $[[x]]", "environment": "azureml:e@latest", "inputs": {"lr": 1}})",
     {"1:16: command: A job has no optional inputs: only components understand “$[[ ]]”. Write "
      "“--lr ${{inputs.lr}}” without it."}},
    {R"({"command": "t $[[--lr ${{inputs.lr}}", "environment": "azureml:e@latest", "inputs": {"lr": 1}})",
     {}},
    {R"({"command": "\t ${{inputs.lr}}", "environment": "azureml:e@latest"})",
     {"1:17: command: There is no input “lr”."}},
    {R"({"command": " - ", "environment": "azureml:e@latest"})",
     {"1:13: command: Say what to run"}},
    {R"({"command": "x", "environment": "sklearn"})",
     {"1:33: environment: Put azureml: before the name: \"azureml:sklearn@latest\"."}},
    {R"({"command": "x", "environment": "azureml:sklearn"})",
     {"1:33: environment: Say which version"}},
    {R"({"command": "x", "environment": {}})", {"1:33: environment.image: “image” is missing"}},
    {R"({"command": "x", "environment": {"image": "i", "build": {"path": "."}}})",
     {"1:48: environment.build: Either “image” or “build”"}},
    {R"({"command": "x", "environment": {"build": {"path": "."}, "conda_file": "c.yml"}})",
     {"1:58: environment.conda_file: “conda_file” needs “image”."}},
    {R"({"command": "x", "environment": {"image": "i", "conda_file": {"dependencies": "numpy"}}})",
     {"1:62: environment.conda_file: “dependencies” must be a list."}},
    {R"({"command": "x", "environment": {"image": "i", "conda_file": {"dependencies": [{"pip": ["-e ."]}]}}})",
     {"1:62: environment.conda_file: “-e .” points to another file"}},
    {R"({"command": "x", "environment": {"image": "i", "conda_file": {"platforms": [], "dependencies": []}}})",
     {"1:63: environment.conda_file.platforms: conda ignores “platforms”"}},
    {R"({"command": "x", "environment": {"image": "i", "dependencies": []}})",
     {"1:48: environment.dependencies: “dependencies” is not a key of “environment”.",
      "1:48: environment.dependencies: “dependencies” belongs into “conda_file”"}},
    {"{\"command\": \"x\", \"environment\": \"azureml:e:1\", // note\n}",
     {"1:46: Remove this comma", "1:48: JSON has no comments"}},
    {R"({"command": "x", "environment": "azureml:e:1", "command": "y"})",
     {"1:48: \"command\" is here twice"}},
};

}  // namespace

TEST_CASE(
    "each fault of a run configuration is named with its place, key, expectation and remedy") {
    for (const auto& example : analysis_cases) {
        CAPTURE(example.text);
        const auto analysis = analyse(example.text);
        std::string all;
        for (const auto& diagnostic : analysis.diagnostics) all += format("f", diagnostic) + "\n";
        CAPTURE(all);
        REQUIRE(analysis.diagnostics.size() == example.expected.size());
        for (std::size_t i = 0; i < example.expected.size(); ++i) {
            CHECK(format("f", analysis.diagnostics[i]).starts_with("f:" + example.expected[i]));
        }
        CHECK(analysis.job.has_value() == !analysis.has_errors());
    }
}

TEST_CASE("comments and trailing commas do not keep a configuration from being used") {
    const auto analysis =
        analyse("{\"command\": \"x\", \"environment\": \"azureml:e:1\", /* note */ }");
    REQUIRE(analysis.job.has_value());
    CHECK(program_of(*analysis.job)->command == "x");
}

TEST_CASE("the documented example is understood key by key") {
    const auto analysis = analyse(R"({
  "$schema": "https://azuremlschemas.azureedge.net/latest/commandJob.schema.json",
  "type": "command", "experiment_name": "mnist", "display_name": "train_universal", "compute": "azureml:cpu-cluster",
  "code": ".", "command": "python train_universal.py ${{inputs.lr}}",
  "environment": { "name": "sklearn", "image": "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04",
    "conda_file": { "channels": ["conda-forge"], "dependencies": ["python=3.11", "pip", { "pip": ["scikit-learn"] }] } },
  "inputs": { "lr": 0.010, "flag": true, "text": "x", "data": { "type": "URI_FILE", "path": "azureml://datastores/d/paths/p" } },
  "outputs": { "model": { "mode": "upload", "name": "m", "version": 3 } },
  "resources": { "instance_count": 2, "docker_args": ["--ipc=host"] }, "limits": { "timeout": 60 },
  "queue_settings": { "job_tier": "Spot" }, "identity": { "type": "managed_identity" },
  "services": { "j": { "job_service_type": "jupyter_lab", "nodes": "all" } },
  "environment_variables": { "A": "1" }, "tags": { "k": null } })");
    REQUIRE(analysis.diagnostics.size() == 1);
    CHECK(analysis.diagnostics.front().key == "outputs.model.version");
    CHECK(analysis.diagnostics.front().code == "preview");
    const auto& basics = basics_of(*analysis.job);
    CHECK(basics.compute.name == "cpu-cluster");
    CHECK(std::get<LiteralInput>(basics.inputs.at("lr")).value == "0.010");
    CHECK(std::get<LiteralInput>(basics.inputs.at("flag")).value == "True");
    CHECK(std::get<DataInput>(basics.inputs.at("data")).type == "uri_file");
    CHECK(basics.rest.at("outputs").at("model").at("assetVersion") == "3");
    CHECK(basics.rest.at("resources").at("dockerArgsList").size() == 1);
    CHECK(basics.rest.at("limits").at("timeout") == "PT60S");
    CHECK(basics.rest.at("queueSettings").at("jobTier") == "Spot");
    CHECK(basics.rest.at("identity").at("identityType") == "Managed");
    CHECK(basics.rest.at("services").at("j").at("jobServiceType") == "JupyterLab");
    CHECK(basics.rest.at("tags").at("k") == "");
    const auto& environment = program_of(*analysis.job)->environment;
    CHECK(std::get<InlineEnvironment>(environment).conda->at("dependencies").size() == 3);
}

TEST_CASE("a pipeline is read as what it is, whatever says so") {
    const std::string shared =
        R"("display_name": "d", "compute": "azureml:c", "jobs": {"a": {"command": "x", "environment": "azureml:e:1"}}, )";
    for (const std::string said :
         {R"("type": "Pipeline")",
          R"("$schema": "https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json")"}) {
        const auto pipeline = analyse("{" + shared + said + "}");
        CHECK(pipeline.diagnostics.empty());
        REQUIRE(pipeline.job);
        CHECK(std::holds_alternative<PipelineJob>(*pipeline.job));
        CHECK(basics_of(*pipeline.job).compute.name == "c");
        CHECK(program_of(*pipeline.job) == nullptr);
    }
}

TEST_CASE("what all jobs have is checked in a pipeline, too") {
    const auto analysis = analyse(
        R"({"type": "pipeline", "display_name": 7, "experiment_name": "my experiment", "limits": 0, "jobs": {"a": {}}})");
    CHECK_FALSE(analysis.job);
    std::vector<std::string> keys;
    for (const auto& found : analysis.diagnostics) keys.push_back(found.key);
    CHECK(keys == std::vector<std::string>{"display_name",
                                           "experiment_name",
                                           "limits",
                                           "jobs.a.compute",
                                           "jobs.a.command",
                                           "jobs.a.environment"});
}

TEST_CASE("language features are for run configurations only") {
    const std::string_view named = "/a/train.job.json";
    const std::string_view plain = "/a/package.json";
    CHECK(is_run_configuration(named));
    CHECK_FALSE(is_run_configuration(plain));
    CHECK(is_run_configuration(named, Document("{}")));
    CHECK_FALSE(is_run_configuration(plain, Document("{}")));
    const Document azure(
        R"({"$schema": "https://azuremlschemas.azureedge.net/latest/commandJob.schema.json"})");
    CHECK(is_run_configuration(plain, azure));
    const Document other(
        R"({"$schema": "https://json.schemastore.org/azuremlschemas.azureedge.net"})");
    CHECK_FALSE(is_run_configuration(plain, other));
}

TEST_CASE("what says that it is something else is no run configuration, and is named") {
    struct Case {
        std::string members;
        std::string error;
    };

    const auto schema = [](const std::string& file) {
        return R"("$schema": "https://azuremlschemas.azureedge.net/)" + file + "\"";
    };
    const std::vector<Case> cases{
        {schema("latest/environment.schema.json"),
         "$schema: This is an environment, not a job of Azure ML. Create it with “az ml "
         "environment create”."},
        {schema("latest/commandComponent.schema.json") + R"(, "type": "command")",
         "$schema: This is a component, not a job of Azure ML. Create it with “az ml component "
         "create”."},
        {schema("latest/amlCompute.schema.json"), "$schema: This is a compute, "},
        {schema("latest/compute.schema.json"), "$schema: This is a compute, "},
        {schema("latest/computeInstance.schema.json"), "$schema: This is a compute, "},
        {schema("latest/data.schema.json"), "$schema: This is a data asset, "},
        {schema("latest/MLTable.schema.json"), "$schema: This is a data asset, "},
        {schema("latest/model.schema.json"), "$schema: This is a model, "},
        {schema("latest/azureDataLakeGen2.schema.json"), "$schema: This is a datastore, "},
        {schema("latest/managedOnlineEndpoint.schema.json"),
         "$schema: This is an endpoint, not a job of Azure ML. Create it with “az ml "
         "online-endpoint create”."},
        {schema("latest/batchDeployment.schema.json"), "$schema: This is a deployment, "},
        {schema("latest/schedule.schema.json"), "$schema: This is a schedule, "},
        {schema("latest/registry.schema.json"), "$schema: This is a registry, "},
        {schema("latest/workspace.schema.json"), "$schema: This is a workspace, "},
        {schema("latest/featureStoreEntity.schema.json"),
         "$schema: This is a feature store entity, "},
        {schema("promptflow/latest/Flow.schema.json"),
         "$schema: This is what Flow.schema.json describes, not a job of Azure ML."},
        {R"("$schema": "./environment.schema.json")", "$schema: This is an environment, "},
        {R"("type": "AmlCompute")", "type: This is a compute, "},
        {R"("type": "azure_blob")", "type: This is a datastore, "},
        {R"("type": "uri_folder")", "type: This is a data asset, "},
        {R"("type": "mlflow_model")", "type: This is a model, "},
        {R"("apiVersion": "batch/v1", "kind": "Job", "metadata": {}, "spec": {})",
         "kind: This is a Kubernetes object of the kind Job, not a job of Azure ML."},
    };
    for (const auto& [members, error] : cases) {
        CAPTURE(members);
        const auto analysis = analyse("{" + members + "}");
        CHECK_FALSE(is_run_configuration("/a/other.job.json", *analysis.document));
        CHECK_FALSE(is_run_configuration("/a/other.json", *analysis.document));
        CHECK_FALSE(analysis.job);
        REQUIRE(analysis.diagnostics.size() == 1);
        const auto& found = analysis.diagnostics.front();
        CHECK((found.key + ": " + found.message).starts_with(error));
    }
}

TEST_CASE("a job is judged whatever its schema is called, and so is a slip in its type") {
    for (const std::string members :
         {R"("$schema": "https://azuremlschemas.azureedge.net/latest/sparkJob.schema.json")",
          R"("$schema": "https://azuremlschemas.azureedge.net/latest/comm")",
          R"("$schema": "https://example.com/company.schema.json")",
          R"("$schema": "https://azuremlschemas.azureedge.net/latest/commandJob.schema.json",
             "type": "amlcompute")",
          R"("kind": "Job")"}) {
        CAPTURE(members);
        CHECK(is_run_configuration("/a/train.job.json", Document("{" + members + "}")));
    }
}

TEST_CASE("of many wrong references the first are listed, in time that grows with the text") {
    for (const std::string wrong : {"${{inputs.", "${{inputs.y}} "}) {
        CAPTURE(wrong);
        std::string command = "echo ";
        for (int i = 0; i < 50'000; ++i) command += wrong;
        const auto analysis = analyse(R"({"type": "command", "environment": "azureml:e:1", )"
                                      R"("inputs": {"x": 1}, "command": ")" +
                                      command + "\"}");
        REQUIRE(analysis.diagnostics.size() == most_problems + 1);
        CHECK(analysis.diagnostics.front().code == "expression");
        CHECK(analysis.diagnostics.back().code == "tooMany");
        CHECK(analysis.diagnostics.back().message ==
              "Only the first 100 errors of a file are listed.");
        CHECK_FALSE(analysis.job);
    }
}

TEST_CASE("an error is listed behind any number of warnings") {
    std::string outputs;
    for (int i = 0; i < 300; ++i)
        outputs +=
            (i == 0 ? "\"o" : ", \"o") + std::to_string(i) + R"(": {"name": "m", "version": "1"})";
    const auto analysis =
        analyse(R"({"type": "command", "environment": "azureml:e:1", "outputs": {)" + outputs +
                R"(}, "command": "t ${{inputs.y}}"})");
    REQUIRE(analysis.has_errors());
    CHECK(analysis.diagnostics.size() == most_problems + 1);
    CHECK(analysis.diagnostics.back().code == "expression");
}

TEST_CASE("a job in YAML is judged like one in JSON, at the places of its own text") {
    struct Case {
        std::string more;
        std::vector<std::string> expected;
    };

    const std::string job = "type: command\ncommand: python train.py\nenvironment: azureml:e:1\n";
    const std::vector<Case> judged{
        {"inputs:\n  lr: 1e-3\n  flag: yes\n  day: 2024-05-01\n", {}},
        {"environment_variables: {N: 8, F: on}\n", {}},
        {"display_name: 7\n", {"4:15: display_name: Expected text, found 7. Write \"7\"."}},
        {"display_name: no\n", {"4:15: display_name: Expected text, found no. Write \"no\"."}},
        {"description:\n", {"4:13: description: Expected text, found nothing. Leave the key out"}},
        {"limits:\n  timeout: soon\n",
         {"5:12: limits.timeout: Expected a whole number, found the text \"soon\"."}},
        {"tags: &t {a: b}\noutputs:\n  <<: *t\n", {"4:14: outputs.a: Expected"}},
        {"envrionment_variables:\n  A: x\n",
         {"4:1: envrionment_variables: “envrionment_variables” is not a key of this type of job. "
          "Did"}},
        {"limits:\n   - 3\n", {"5:4: limits: Expected an object { }, found a list."}},
        {"x\n", {"4:1: Expected “:” and a value after \"x\"."}},
    };
    for (const auto& [more, expected] : judged) {
        CAPTURE(more);
        const auto analysis = analyse(job + more, Syntax::Yaml);
        std::vector<std::string> found;
        for (const auto& diagnostic : analysis.diagnostics)
            found.push_back(aml::runconfig::format("t.yml", diagnostic).substr(6));
        CAPTURE(fmt::format("{}", fmt::join(found, "\n")));
        REQUIRE(found.size() == expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i].starts_with(expected[i]));
    }
}

TEST_CASE("an expression in a block text is shown where it is written") {
    const auto analysis = analyse(
        "type: command\nenvironment: azureml:e:1\ninputs: {a: 1}\n"
        "command: >-\n  python a.py\n  --a ${{inputs.a}}\n"
        "  --b ${{inputs.b}}\n",
        Syntax::Yaml);
    REQUIRE(analysis.diagnostics.size() == 1);
    CHECK(aml::runconfig::format("t.yml", analysis.diagnostics.front())
              .starts_with("t.yml:7:7: command: There is no"));
}

TEST_CASE("of all YAML only the jobs of Azure ML are run configurations") {
    const auto is_ours = [](const std::string& path, const std::string& text) {
        return may_be_run_configuration(text, Syntax::Yaml) &&
               is_run_configuration(path, Document(text, Syntax::Yaml));
    };
    const std::string schema = "$schema: https://azuremlschemas.azureedge.net/latest/";
    CHECK(is_ours("/a/job.yml", schema + "commandJob.schema.json\n"));
    CHECK(is_ours("/a/x.yaml", "type: command\ncommand: python a.py\n"));
    CHECK(is_ours("/a/x.yaml", "# note\n\ntype: sweep\ntrial: {}\n"));
    CHECK(is_ours("/a/x.yml", "jobs: {}\ntype: pipeline\n"));
    CHECK_FALSE(is_ours("/a/x.yml", "type: command\n"));
    CHECK_FALSE(is_ours("/a/x.yml", "type: command\nversion: 1\ncommand: python a.py\n"));
    CHECK_FALSE(is_ours("/a/x.yml", schema + "commandComponent.schema.json\ntype: command\n"));
    CHECK_FALSE(is_ours("/a/x.yml", schema + "environment.schema.json\n"));
    CHECK_FALSE(is_ours("/a/x.yml", "name: env\ndependencies: [python]\n"));
    CHECK_FALSE(is_ours("/a/job.yml", "apiVersion: batch/v1\nkind: Job\ntype: command\n"));
    CHECK_FALSE(is_ours("/a/x.yml", "jobs:\n  build:\n    steps: []\n"));
}
