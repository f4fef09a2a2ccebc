#include "submit/job_references.hpp"

#include "submit/inline_environment.hpp"
#include "submit/submit_reporter.hpp"
#include "support/error_of.hpp"
#include "unit/submit/submit_bench.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace aml;
using test::FakeWorkspace;
using test::SubmitBench;

namespace {

using Known = std::unique_ptr<submit::KnownIds>;

asio::awaitable<Known> load_known(workspace::SavedState& state, azure::ResourceId workspace) {
    auto known = co_await submit::KnownIds::load(state, "arm", std::move(workspace));
    co_return std::make_unique<submit::KnownIds>(std::move(known));
}

/// The parts of a submission, one at a time.
struct PartBench : SubmitBench {
    Known known = test::run(loop, load_known(state, workspace()));
    submit::SubmitContext context{
        client,
        state,
        random,
        *known,
        std::make_shared<submit::SubmitReporter>(loop.get_executor(), clock, nullptr),
        workspace()};

    static azure::ResourceId workspace() { return *azure::ResourceId::parse(FakeWorkspace::id); }

    runconfig::WantedNodes nodes{};
    runconfig::RunConfiguration configuration{};

    std::optional<std::string> compute(const std::string& text) {
        auto reference =
            std::get<runconfig::ComputeReference>(runconfig::parse_compute_reference(text));
        return test::run(
            loop, submit::resolve_compute(context, std::move(reference), nodes, configuration, {}));
    }

    std::string environment(const std::string& text) {
        auto reference = std::get<runconfig::AssetReference>(
            runconfig::parse_asset_reference(text, "environments"));
        return test::run(loop,
                         submit::resolve_environment(context, std::move(reference), file(), {}));
    }

    std::string environment(runconfig::InlineEnvironment definition) {
        return test::run(loop,
                         submit::resolve_environment(context, std::move(definition), file(), {}));
    }

    std::map<std::string, std::string> input(const std::string& path,
                                             const std::string& type = "uri_folder") {
        runconfig::DataInput data;
        data.path = path;
        data.type = type;
        std::map<std::string, runconfig::Input> inputs;
        inputs["data"] = data;
        inputs["lr"] = runconfig::LiteralInput{"0.1"};
        return test::run(loop, submit::resolve_inputs(context, inputs, file(), {}));
    }

    std::filesystem::path file() const { return project.path() / "train.job.json"; }
};

std::string message_of(const std::function<void()>& action) {
    return test::error_of(action).message();
}

std::string id(const std::string& path) {
    return std::string(FakeWorkspace::id) + "/" + path;
}

}  // namespace

TEST_CASE("a cluster is asked about once, serverless never") {
    PartBench bench;
    CHECK(bench.compute("azureml:cpu-cluster") == id("computes/cpu-cluster"));
    CHECK(bench.compute("CPU-Cluster") == id("computes/cpu-cluster"));
    CHECK_FALSE(bench.compute("serverless"));
    CHECK(bench.azure.log == std::vector<std::string>{"GET computes/cpu-cluster"});
}

TEST_CASE("a compute that cannot run the job is named with the reason") {
    PartBench bench;
    CHECK(message_of([&] { bench.compute("gpu"); }) ==
          "There is no compute gpu in the workspace ws. It has: cpu-cluster, my-box.");
    CHECK(message_of([&] { bench.compute("my-box"); }) ==
          "The compute my-box is a compute instance that is stopped. Start it, or pick a cluster.");
    bench.azure.computes["zero"] = FakeWorkspace::cluster(0);
    CHECK(
        message_of([&] { bench.compute("zero"); }) ==
        "The compute zero may have no nodes (maximum 0). Raise its maximum, or pick another one.");
    bench.azure.computes["lake"] = {{"computeType", "DataLakeAnalytics"},
                                    {"provisioningState", "Succeeded"}};
    CHECK(message_of([&] { bench.compute("lake"); }).find("runs no jobs. Pick a cluster.") !=
          std::string::npos);
    bench.azure.computes["going"] = FakeWorkspace::cluster(1);
    bench.azure.computes["going"]["provisioningState"] = "Deleting";
    CHECK(message_of([&] { bench.compute("going"); }) ==
          "The compute going is being deleted. Pick another one.");
}

TEST_CASE("more nodes than a cluster may have are refused where they are asked for") {
    PartBench bench;
    bench.azure.computes["small"] = FakeWorkspace::cluster(2);
    const std::string text =
        "command: python t.py\nenvironment: azureml:e:1\ncompute: azureml:small\n"
        "resources:\n  instance_count: 3\n";
    const auto refusal = [&](const std::vector<runconfig::Setting>& settings) {
        bench.configuration = runconfig::check(text, "train.job.yml", settings);
        bench.nodes = runconfig::program_of(bench.configuration.job)->nodes;
        return message_of([&] { bench.compute("small"); });
    };
    const std::string reason =
        "The job asks for {} nodes, and the compute small has 2 at most. Ask for fewer, raise its "
        "maximum, or pick another compute.";
    CHECK(refusal({}) ==
          "train.job.yml:5:19: resources.instance_count: " + fmt::format(fmt::runtime(reason), 3));
    CHECK(refusal({{"resources.instance_count", "4"}}) ==
          "--set resources.instance_count=4: " + fmt::format(fmt::runtime(reason), 4));
    // The maximum may have changed since.
    bench.nodes.count = 2;
    CHECK(bench.compute("small") == id("computes/small"));
    CHECK(bench.compute("small") == id("computes/small"));
    CHECK(bench.azure.log == std::vector<std::string>(4, "GET computes/small"));
}

TEST_CASE("the compute of another workspace is passed on as it is") {
    PartBench bench;
    const std::string other =
        "/subscriptions/s2/resourceGroups/r/providers/Microsoft.MachineLearningServices/"
        "workspaces/w2/computes/shared";
    CHECK(bench.compute("azureml:" + other) == other);
    CHECK(bench.azure.log.empty());
}

TEST_CASE("a named environment version is asked about once") {
    PartBench bench;
    CHECK(bench.environment("azureml:sklearn:3") == id("environments/sklearn/versions/3"));
    CHECK(bench.environment("azureml:sklearn:3") == id("environments/sklearn/versions/3"));
    CHECK(bench.azure.log.size() == 1);
}

TEST_CASE("the latest version is looked up every time") {
    PartBench bench;
    CHECK(bench.environment("azureml:sklearn@latest") == id("environments/sklearn/versions/3"));
    bench.azure.environments["sklearn"]["4"] = {{"image", "i"}};
    CHECK(bench.environment("azureml:sklearn@latest") == id("environments/sklearn/versions/4"));
}

TEST_CASE("a missing environment or version is named with what there is") {
    PartBench bench;
    CHECK(message_of([&] { bench.environment("azureml:sklearn:9"); }) ==
          "The environment sklearn has no version 9 (the latest is 3) in the workspace ws. Correct "
          "\"environment\" "
          "in the run configuration.");
    CHECK(message_of([&] { bench.environment("azureml:torch:1"); }) ==
          "There is no environment torch in the workspace ws. Correct \"environment\" in the run "
          "configuration.");
    CHECK(message_of([&] { bench.environment("azureml:torch@latest"); }).find("torch") !=
          std::string::npos);
}

TEST_CASE("the short form of a curated environment is left to Azure ML") {
    PartBench bench;
    for (const std::string text :
         {"azureml:AzureML-sklearn-0.24-ubuntu18.04-py37-cpu@latest", "azureml:AzureML-x:1"})
        CHECK(bench.environment(text) == text);
    CHECK(bench.azure.log.empty());
}

TEST_CASE("a registry's version needs no call") {
    PartBench bench;
    const std::string text = "azureml://registries/azureml/environments/sklearn-1.5/versions/33";
    CHECK(bench.environment(text) == text);
    CHECK(bench.azure.log.empty());
}

TEST_CASE("an environment written into the job becomes one anonymous version per definition") {
    PartBench bench;
    runconfig::InlineEnvironment definition;
    definition.image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04";
    definition.conda = nlohmann::ordered_json{{"dependencies", {"python=3.11"}}};
    const auto first = bench.environment(definition);
    CHECK(first.rfind(id("environments/CliV2AnonymousEnvironment/versions/"), 0) == 0);
    CHECK(bench.environment(definition) == first);
    CHECK(bench.azure.log.size() == 1);
    const auto& sent = bench.azure.environments["CliV2AnonymousEnvironment"].begin()->second;
    CHECK(sent["isAnonymous"] == true);
    CHECK(nlohmann::json::parse(sent["condaFile"].get<std::string>())["dependencies"][0] ==
          "python=3.11");
    definition.conda = nlohmann::ordered_json{{"dependencies", {"python=3.12"}}};
    CHECK(bench.environment(definition) != first);
}

TEST_CASE("a conda file beside the configuration is sent, and a missing one is named") {
    PartBench bench;
    bench.project.write("conda.yml", "dependencies: [python=3.11]\n");
    runconfig::InlineEnvironment definition;
    definition.image = "i";
    definition.conda_path = "./conda.yml";
    bench.environment(definition);
    CHECK(bench.azure.environments["CliV2AnonymousEnvironment"].begin()->second["condaFile"] ==
          "dependencies: [python=3.11]\n");
    definition.conda_path = "gone.yml";
    CHECK(message_of([&] { bench.environment(definition); }) ==
          "environment.conda_file: " + (bench.project.path() / "gone.yml").string() +
              " does not exist.");
}

TEST_CASE("data and models by name become ids, addresses and literals stay") {
    PartBench bench;
    CHECK(bench.input("azureml:digits:2") ==
          std::map<std::string, std::string>{{"data", id("data/digits/versions/2")}});
    CHECK(bench.input("azureml:net:1", "mlflow_model")["data"] == id("models/net/versions/1"));
    CHECK(bench.input("azureml://datastores/workspaceblobstore/paths/d/").empty());
}

TEST_CASE("a local folder goes to the default datastore, once") {
    PartBench bench;
    bench.project.write("data/digits.csv", "1,2\n");
    bench.project.write("data/more/labels.csv", "3\n");
    const auto uri = bench.input("./data")["data"];
    const std::string start = "azureml://datastores/workspaceblobstore/paths/LocalUpload/";
    CHECK(uri.starts_with(start));
    CHECK(uri.ends_with("/data/"));
    const auto below = "store/" + uri.substr(uri.find("LocalUpload"));
    CHECK(bench.azure.blobs[below + "digits.csv"] == "1,2\n");
    CHECK(bench.azure.blobs[below + "more/labels.csv"] == "3\n");
    bench.azure.log.clear();
    CHECK(bench.input("data")["data"] == uri);
    CHECK(bench.azure.log == std::vector<std::string>{"GET datastores",
                                                      "POST datastores/workspaceblobstore/"
                                                      "listSecrets",
                                                      "GET blobs"});
    // What somebody has cleared away is sent again, and nothing else.
    bench.azure.blobs.erase(below + "digits.csv");
    bench.azure.log.clear();
    bench.input("data");
    CHECK(bench.azure.log.size() == 4);
    CHECK(bench.azure.blobs[below + "digits.csv"] == "1,2\n");
    bench.project.write("data/digits.csv", "1,2,3\n");
    CHECK(bench.input("data")["data"] != uri);
}

TEST_CASE("a local file goes to the datastore that the input names") {
    PartBench bench;
    bench.project.write("digits.csv", "1,2\n");
    const auto upload = [&](const std::string& datastore) {
        runconfig::DataInput data;
        data.type = "uri_file";
        data.path = "file:digits.csv";
        data.datastore = datastore;
        std::map<std::string, runconfig::Input> inputs;
        inputs["data"] = data;
        return test::run(bench.loop,
                         submit::resolve_inputs(bench.context, inputs, bench.file(), {}))
            .at("data");
    };
    const auto uri = upload("azureml:workspaceblobstore");
    CHECK(uri.ends_with("/digits.csv"));
    CHECK(bench.azure.blobs["store/" + uri.substr(uri.find("LocalUpload"))] == "1,2\n");
    CHECK(message_of([&] { upload("gone"); }).find("Cannot find the datastore gone") == 0);
    bench.azure.blobs.clear();
    bench.azure.datastore_credentials = "None";
    CHECK(upload("workspaceblobstore") == uri);
    CHECK(bench.azure.blobs["store/" + uri.substr(uri.find("LocalUpload"))] == "1,2\n");
}

TEST_CASE("a local Docker folder is uploaded, and the environment built from there") {
    PartBench bench;
    bench.project.write("docker/Dockerfile", "FROM scratch\n");
    runconfig::InlineEnvironment definition;
    definition.build = runconfig::BuildContext{"docker", std::nullopt};
    bench.environment(definition);
    const auto& sent = bench.azure.environments["CliV2AnonymousEnvironment"].begin()->second;
    const auto address = sent["build"]["contextUri"].get<std::string>();
    CHECK(address.starts_with("https://sa1.blob.core.windows.net/store/LocalUpload/"));
    CHECK(address.ends_with("/context/"));
    CHECK(
        bench.azure.blobs["store/" + address.substr(address.find("LocalUpload")) + "Dockerfile"] ==
        "FROM scratch\n");
    CHECK_FALSE(sent.contains("image"));
}

TEST_CASE("an image is built from the blob that a datastore's path stands for") {
    PartBench bench;
    const auto address_of = [&](const std::string& path) {
        bench.azure.environments.erase("CliV2AnonymousEnvironment");
        runconfig::InlineEnvironment definition;
        definition.build = runconfig::BuildContext{path, std::nullopt};
        bench.environment(definition);
        const auto& sent = bench.azure.environments["CliV2AnonymousEnvironment"].begin()->second;
        return sent["build"]["contextUri"].get<std::string>();
    };
    const std::string blob = "https://sa1.blob.core.windows.net/store/images/a/";
    CHECK(address_of("azureml://datastores/workspaceblobstore/paths/images/a") == blob);
    CHECK(address_of("azureml://subscriptions/S1/resourcegroups/rg/workspaces/ws/datastores/"
                     "workspaceblobstore/paths/images/b/") ==
          "https://sa1.blob.core.windows.net/store/images/b/");
    const std::string git = "https://github.com/me/image.git#main:docker";
    CHECK(address_of(git) == git);
    const auto elsewhere =
        message_of([&] { address_of("azureml://jobs/run1/outputs/default/paths/docker"); });
    CHECK(elsewhere.find("environment.build.path: an image cannot be built from azureml://jobs/") ==
          0);
}
