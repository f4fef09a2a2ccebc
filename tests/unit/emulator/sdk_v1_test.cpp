// The interfaces of 2019 that azureml-core (SDK v1) still uses.
#include "emulator_fixture.hpp"

#include <doctest/doctest.h>

#include <string>

namespace aml::emulator::sdk_v1_test {

using aml::test::TemporaryDirectory;
using test::EmulatorParts;

namespace {

constexpr auto history = "history/v1.0";
constexpr auto artifact = "artifact/v2.0";
constexpr auto metric = "metric/v2.0";

void add_run(EmulatorParts& emulator, const std::string& id) {
    Run run;
    run.workspace_id = "w";
    run.id = id;
    run.uuid = id;
    run.experiment_id = emulator.runs.ensure_experiment("w", "exp", emulator.clock.now()).id;
    run.status = run_status::running;
    run.created = emulator.clock.now();
    emulator.runs.insert(run);
}

void add_datastore(EmulatorParts& emulator, const std::string& name, bool is_default) {
    Resource datastore;
    datastore.workspace_id = "w";
    datastore.type = "datastores";
    datastore.name = name;
    datastore.body = {{"properties",
                       {{"datastoreType", "AzureBlob"},
                        {"accountName", "account"},
                        {"containerName", name},
                        {"isDefault", is_default}}}};
    emulator.resources.put(datastore);
}

}  // namespace

TEST_CASE("artifacts are made, described and listed with their path in the path") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_run(emulator, "r");
    const auto made = emulator.call("POST",
                                    artifact,
                                    "/artifacts/batch/metadata/ExperimentRun/dcid.r",
                                    {{"paths", {{{"path", "outputs/a b.txt"}}}}});
    const std::string url = made["artifactContentInformation"]["outputs/a b.txt"]["contentUri"];
    const auto stored = emulator.send("PUT",
                                      url.substr(std::string("http://127.0.0.1:1").size()),
                                      "hello",
                                      {{"x-ms-blob-type", "BlockBlob"}});
    REQUIRE(stored.status == 201);
    const auto get = [&](const std::string& service, const std::string& path) {
        return emulator.call("GET", service, path, nullptr);
    };
    const std::string tail = "/outputs/a%20b.txt";
    for (const auto* verb : {"contentinfo", "prefix/contentinfo", "metadata", "write"}) {
        CAPTURE(verb);
        const auto answer =
            get(artifact, std::string("/artifacts/") + verb + "/ExperimentRun/dcid.r" + tail);
        const auto& one = answer.contains("value") ? answer["value"][0] : answer;
        CHECK(one["path"] == "outputs/a b.txt");
    }
    CHECK(get(artifact, "/artifacts/ExperimentRun/dcid.r/outputs")["value"].size() == 1);
    const std::string of_run = "/experiments/exp/runs/r/artifacts";
    CHECK(get(history, of_run + "/path/outputs")["value"][0]["path"] == "outputs/a b.txt");
    CHECK(get(history, of_run + "/contentinfo" + tail)["path"] == "outputs/a b.txt");
    const auto address = get(history, of_run + "/artifacturi" + tail);
    REQUIRE(address.is_string());
    CHECK(address.get<std::string>().starts_with("http://127.0.0.1:1/account/azureml/"));
}

TEST_CASE("over HTTPS an artifact's account stands in the host, from which azureml-core takes it") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_run(emulator, "r");
    emulator.context.base_url = "https://127.0.0.1:1";
    const auto made = emulator.call("POST",
                                    artifact,
                                    "/artifacts/batch/metadata/ExperimentRun/dcid.r",
                                    {{"paths", {{{"path", "a/b"}}}}});
    const std::string url = made["artifactContentInformation"]["a/b"]["contentUri"];
    CHECK(
        url.starts_with("https://account.blob.core.localhost:1/azureml/ExperimentRun/dcid.r/a/b?"));
}

TEST_CASE("children are made and started in batches") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_run(emulator, "r");
    auto made = emulator.call("PATCH",
                              history,
                              "/experiments/exp/batch/runs",
                              {{"runs",
                                {{{"runId", "one"}, {"parentRunId", "r"}, {"tags", {{"n", "1"}}}},
                                 {{"runId", "two"}, {"parentRunId", "r"}}}}});
    CHECK(made["runs"]["one"]["tags"]["n"] == "1");
    CHECK(made["runs"]["two"]["rootRunId"] == "r");
    CHECK(made["runs"]["two"]["status"] == "NotStarted");
    const auto start = [](const char* id) {
        return json{{"name", "Microsoft.MachineLearning.Run.Start"}, {"data", {{"RunId", id}}}};
    };
    const auto answer = emulator.call("POST",
                                      history,
                                      "/experiments/exp/batch/events",
                                      {{"events", {start("one"), start("none")}}});
    CHECK(answer["successes"] == json{"one"});
    CHECK(answer["errors"][0]["key"]["data"]["RunId"] == "none");
    const auto children =
        emulator.call("GET", history, "/experiments/exp/runs/r/children", nullptr);
    REQUIRE(children["value"].size() == 2);
    CHECK(emulator.runs.find("w", "one")->status == run_status::running);
    // Nothing is made when one of them has no id.
    made = emulator.call("PATCH",
                         history,
                         "/experiments/exp/batch/runs",
                         {{"runs", {{{"runId", "three"}}, {{"tags", json::object()}}}}});
    CHECK(made["error"]["message"] == "Every run needs a 'runId'.");
    CHECK_FALSE(emulator.runs.find("w", "three"));
}

TEST_CASE("a run's token is renewed, and there is no metric to wait for") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_run(emulator, "r");
    const auto token = emulator.call("GET", history, "/experiments/exp/runs/r/token", nullptr);
    CHECK(emulator.tokens.read(token["token"].get<std::string>()));
    CHECK(token["expiryTimeUtc"].get<std::string>().starts_with("2026-01-22T"));
    CHECK(emulator.call("GET", history, "/experiments/exp/runs/r/metricsingest/wait", nullptr) ==
          json::object());
}

TEST_CASE("metrics are read as Python writes them, with a bare NaN") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_run(emulator, "r");
    const auto reply = emulator.send("POST",
                                     "/metric/v2.0" + emulator.workspace.arm_id() + "/runs/r/batch",
                                     R"({"values": [
        {"name": "a", "columns": {"a": "Double"}, "value": [{"data": {"a": NaN}}]},
        {"name": "b", "columns": {"b": "Double"}, "value": [{"data": {"b": -Infinity}}]},
        {"name": "NaN \" NaN", "columns": {"c": "String"}, "value": [{"data": {"c": "Infinity\\"}}]}]})");
    REQUIRE(reply.status == 200);
    const auto value_of = [&](const char* name) {
        return emulator.call("POST", metric, "/runs/r/full", {{"metricName", name}})["value"][0];
    };
    CHECK(value_of("a")["data"]["a"] == "NaN");
    CHECK(value_of("b")["data"]["b"] == "-Infinity");
    CHECK(value_of("NaN \" NaN")["data"]["c"] == "Infinity\\");
    const auto refused =
        emulator.send("POST",
                      "/metric/v2.0" + emulator.workspace.arm_id() + "/runs/r/batch",
                      "{\"values\": NaNs}");
    CHECK(refused.status == 400);
}

TEST_CASE("datastores are those of ARM, with their key and a default that can be changed") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_datastore(emulator, "first", true);
    add_datastore(emulator, "second", false);
    const auto get = [&](const char* path) {
        return emulator.call("GET", "datastore/v1.0", path, nullptr);
    };
    CHECK(get("/datastores")["value"].size() == 2);
    const auto one = get("/default");
    CHECK(one["name"] == "first");
    CHECK(one["azureStorageSection"]["containerName"] == "first");
    CHECK(one["azureStorageSection"]["accountKey"] == emulator.workspace.storage_key);
    CHECK(emulator.send("PUT", "/datastore/v1.0" + emulator.workspace.arm_id() + "/default/second")
              .status == 200);
    CHECK(get("/default")["name"] == "second");
    CHECK(get("/datastores/none")["error"]["message"] == "Could not find datastore: none");
}

TEST_CASE("a run's file is registered as a model, and as the next version of it") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_run(emulator, "r");
    const auto asset = emulator.call(
        "POST",
        "modelmanagement/v1.0",
        "/assets",
        {{"name", "m"}, {"artifacts", {{{"prefix", "ExperimentRun/dcid.r/outputs/m"}}}}});
    const json wanted{{"name", "m"},
                      {"url", "aml://asset/" + asset["id"].get<std::string>()},
                      {"runId", "r"},
                      {"kvTags", {{"a", "b"}}}};
    CHECK(emulator.call("POST", "modelmanagement/v1.0", "/models", wanted)["version"] == 1);
    CHECK(emulator.call("POST", "modelmanagement/v1.0", "/models", wanted)["id"] == "m:2");
    const auto get = [&](const char* path) {
        return emulator.call("GET", "modelmanagement/v1.0", path, nullptr);
    };
    CHECK(get("/models")["value"].size() == 2);
    CHECK(get("/models?latestVersionOnly=true&name=m")["value"][0]["version"] == 2);
    CHECK(get("/models/m:1")["kvTags"] == json{{"a", "b"}});
    CHECK(get("/models/m:3")["error"]["message"] == "Model m:3 was not found.");
    const auto version = emulator.resources.find("w", "models/versions", "m", "2");
    REQUIRE(version);
    CHECK(version->body["properties"]["modelUri"] ==
          "azureml://subscriptions/s/resourceGroups/g/workspaces/ws/datastores/"
          "workspaceartifactstore/paths/ExperimentRun/dcid.r/outputs/m");
    CHECK(version->body["properties"]["jobName"] == "r");
    CHECK(emulator.resources.find("w", "models", "m")->body["properties"]["nextVersion"] == "3");
}

}  // namespace aml::emulator::sdk_v1_test
