#include "emulator_fixture.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace aml::emulator::data_test {

using aml::test::TemporaryDirectory;
using test::EmulatorParts;

namespace {

constexpr auto history = "history/v1.0";
constexpr auto mlflow = "mlflow/v2.0";

void add_run(EmulatorParts& emulator,
             const std::string& id,
             std::string_view status,
             json tags = json::object(),
             std::optional<Time> started = std::nullopt) {
    Run run;
    run.workspace_id = "w";
    run.id = id;
    run.uuid = id;
    run.kind = "mlflow";
    run.experiment_id = emulator.runs.ensure_experiment("w", "exp", emulator.clock.now()).id;
    run.status = status;
    run.display_name = id;
    run.tags = std::move(tags);
    run.created = emulator.clock.now();
    run.started = started;
    emulator.runs.insert(run);
}

std::vector<std::string> ids(const json& page) {
    std::vector<std::string> found;
    for (const auto& run : page["value"]) found.push_back(run["runId"]);
    return found;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("runs are queried with filters, orders and page tokens that end by being absent") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    for (int i = 0; i < 5; ++i) {
        add_run(emulator,
                "r" + std::to_string(i),
                i % 2 == 0 ? "Completed" : "Failed",
                {{"n", std::to_string(i)}});
    }
    const auto query = [&](const json& body) {
        return emulator.call("POST", history, "/experiments/exp/runs:query", body);
    };
    CHECK(ids(query({{"filter", "Status eq Failed"}})) == Ids{"r3", "r1"});
    CHECK(ids(query({{"filter", "(Tags/n eq '2') or (RunId eq r4)"}, {"orderBy", "RunId asc"}})) ==
          Ids{"r2", "r4"});
    CHECK(ids(query({{"filter", "ParentRunId eq null and Tags/x eq null"}, {"top", 1}})) ==
          Ids{"r4"});
    auto page = query({{"top", 2}, {"orderBy", "CreatedUtc desc"}});
    CHECK(ids(page) == Ids{"r4", "r3"});
    // A run that is added meanwhile does not shift the pages.
    add_run(emulator, "new", "Running");
    page = query({{"top", 2},
                  {"orderBy", "CreatedUtc desc"},
                  {"continuationToken", page["continuationToken"]}});
    CHECK(ids(page) == Ids{"r2", "r1"});
    page = query({{"top", 2},
                  {"orderBy", "CreatedUtc desc"},
                  {"continuationToken", page["continuationToken"]}});
    CHECK(ids(page) == Ids{"r0"});
    CHECK_FALSE(page.contains("continuationToken"));
    const auto refused = query({{"filter", "Nonsense eq 1"}});
    CHECK(refused["error"]["message"] == "Runs cannot be filtered or ordered by 'Nonsense'.");
}

TEST_CASE("pages in the order of creation hold every run once, also those of one moment") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    const auto moment = emulator.clock.now();
    for (int i = 0; i < 7; ++i) {
        add_run(emulator, "r" + std::to_string(i), "Completed");
        auto run = *emulator.runs.find("w", "r" + std::to_string(i));
        // Made in threes within one millisecond, and stored in another order.
        run.created = moment - std::chrono::seconds(i / 3);
        emulator.runs.update(run, moment);
    }
    const auto all = [&](json body) {
        Ids found;
        for (;;) {
            const auto page = emulator.call("POST", history, "/experiments/exp/runs:query", body);
            for (const auto& id : ids(page)) found.push_back(id);
            if (!page.contains("continuationToken")) return found;
            body["continuationToken"] = page["continuationToken"];
        }
    };
    CHECK(all({{"top", 2}}) == Ids{"r6", "r5", "r4", "r3", "r2", "r1", "r0"});
    CHECK(all({{"top", 2}, {"orderBy", "CreatedUtc desc"}}) ==
          Ids{"r2", "r1", "r0", "r5", "r4", "r3", "r6"});
    CHECK(all({{"top", 2}, {"orderBy", "CreatedUtc asc"}}) ==
          Ids{"r6", "r5", "r4", "r3", "r2", "r1", "r0"});
    CHECK(all({{"top", 3}, {"orderBy", "RunId desc"}}) ==
          Ids{"r6", "r5", "r4", "r3", "r2", "r1", "r0"});
}

TEST_CASE("many runs are read at once, and those that are missing have an error each") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_run(emulator, "here", "Running");
    const json body{
        {"requests",
         {{"a", {{"runId", "here"}, {"selectRunMetadata", true}}}, {"b", {{"runId", "no"}}}}}};
    const auto reply = emulator.send(
        "POST", "/history/v1.0" + emulator.workspace.arm_id() + "/batchrundata", body.dump());
    CHECK(reply.status == 207);
    const auto result = json::parse(std::get<std::string>(reply.body));
    CHECK(result["successfulResults"]["a"]["runMetadata"]["status"] == "Running");
    CHECK(result["failedResults"]["b"]["error"]["message"] == "Run no was not found.");
}

TEST_CASE("changing a run raises its revision, changing its status also the status revision") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_run(emulator, "r", "Running");
    const auto before = emulator.call("GET", history, "/runs/r", nullptr);
    auto after =
        emulator.call("PATCH", history, "/runs/r", {{"displayName", "x"}, {"tags", {{"k", "v"}}}});
    CHECK(after["revision"] > before["revision"]);
    CHECK(after["statusRevision"] == before["statusRevision"]);
    CHECK(after["tags"]["k"] == "v");
    after = emulator.call("POST", history, "/experiments/exp/runs/r/cancel", nullptr);
    CHECK(after["status"] == "Canceled");
    CHECK(after["statusRevision"] > before["statusRevision"]);
}

TEST_CASE("a run that starts a moment after it was last changed has computed for no time") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    const auto later = emulator.clock.now() + std::chrono::milliseconds(820);
    add_run(emulator, "r", "Running", json::object(), later);
    const auto details = emulator.call("GET", history, "/runs/r/details", nullptr);
    CHECK(details["currentComputeTime"] == "00:00:00.0000000");
}

TEST_CASE("metrics logged through MLflow are read by the metric service, NaN included") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    const auto created = emulator.call(
        "POST", mlflow, "/api/2.0/mlflow/runs/create", {{"experiment_id", "0"}, {"run_name", "n"}});
    const auto id = created["run"]["info"]["run_id"].get<std::string>();
    json batch{{"run_id", id},
               {"params", {{{"key", "lr"}, {"value", "0.1"}}}},
               {"metrics", json::array()}};
    for (int step = 0; step < 3; ++step) {
        batch["metrics"].push_back({{"key", "loss"},
                                    {"value", 1.0 / (step + 1)},
                                    {"timestamp", "1700000000000"},
                                    {"step", std::to_string(step)}});
    }
    batch["metrics"].push_back(
        {{"key", "bad"}, {"value", "NaN"}, {"timestamp", 1700000000000}, {"step", 0}});
    emulator.call("POST", mlflow, "/api/2.0/mlflow/runs/log-batch", batch);
    const auto last =
        emulator.call("POST", "metric/v2.0", "/runs/" + id + "/lastvalues", json::object());
    REQUIRE(last["value"].size() == 2);
    CHECK(last["value"][0]["name"] == "loss");
    CHECK(last["value"][0]["value"][0]["step"] == 2);
    CHECK(last["value"][1]["value"][0]["data"]["bad"] == "NaN");
    const auto full =
        emulator.call("POST", "metric/v2.0", "/runs/" + id + "/full", {{"metricName", "loss"}});
    CHECK(full["value"].size() == 3);
    CHECK_FALSE(full.contains("continuationToken"));
    const auto found = emulator.call(
        "POST",
        mlflow,
        "/api/2.0/mlflow/runs/search",
        {{"experiment_ids", {"0"}}, {"filter", "metrics.loss < 0.5 and params.lr = '0.1'"}});
    REQUIRE(found["runs"].size() == 1);
    CHECK(found["runs"][0]["info"]["status"] == "RUNNING");
    CHECK(ids(emulator.call("POST", history, "/experiments/Default/runs:query", json::object())) ==
          Ids{id});
}

TEST_CASE("metrics logged through the metric service are read by MLflow") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_run(emulator, "r", "Running");
    const json metric{{"name", "acc"},
                      {"columns", {{"acc", "Double"}}},
                      {"value", {{{"step", 7}, {"data", {{"acc", 0.5}}}}}}};
    emulator.call(
        "POST", "metric/v2.0", "/runs/r/batchsync", {{"values", {metric}}, {"reportErrors", true}});
    const auto read = emulator.call(
        "GET", mlflow, "/api/2.0/mlflow/metrics/get-history?run_id=r&metric_key=acc", nullptr);
    REQUIRE(read["metrics"].size() == 1);
    CHECK(read["metrics"][0]["value"] == 0.5);
    CHECK(read["metrics"][0]["step"] == "7");
}

TEST_CASE("the metrics of a run are listed with their columns") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_run(emulator, "r", "Running");
    const json number{{"name", "acc"}, {"value", {{{"data", {{"acc", 0.5}}}}}}};
    const json table{{"name", "points"},
                     {"columns", {{"x", "double"}, {"label", "String"}}},
                     {"value", {{{"data", {{"x", 1}, {"label", "one"}}}}}}};
    emulator.call("POST", "metric/v2.0", "/runs/r/batchsync", {{"values", {number, table}}});
    const auto listed =
        emulator.call("POST", "metric/v2.0", "/runs/r/list", json::object())["value"];
    REQUIRE(listed.size() == 2);
    CHECK(listed[0]["metricKey"]["name"] == "acc");
    CHECK(listed[0]["metricKey"]["columnNames"] == json{"acc"});
    CHECK(listed[0]["columns"] == json{{"acc", "Double"}});
    CHECK(listed[1]["metricKey"]["columnNames"] == json{"label", "x"});
    // As the service writes it, however the client did.
    CHECK(listed[1]["columns"] == json{{"x", "Double"}, {"label", "String"}});
    const json unknown{{"name", "odd"}, {"columns", {{"odd", "decimal"}}}};
    const auto refused =
        emulator.send("POST",
                      "/metric/v2.0" + emulator.workspace.arm_id() + "/runs/r/batchsync",
                      json{{"values", {unknown}}}.dump());
    CHECK(refused.status == 400);
}

TEST_CASE("a parameter keeps its first value") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_run(emulator, "r", "Running");
    const auto log = [&](const char* value) {
        return emulator.call("POST",
                             mlflow,
                             "/api/2.0/mlflow/runs/log-parameter",
                             {{"run_id", "r"}, {"key", "k"}, {"value", value}});
    };
    CHECK(log("1").empty());
    CHECK(log("1").empty());
    CHECK(log("2")["error_code"] == "INVALID_PARAMETER_VALUE");
}

TEST_CASE("artifacts that MLflow uploads are listed by the artifact service and downloaded again") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_run(emulator, "r", "Running");
    const auto base =
        "/mlflow/local" + emulator.workspace.arm_id() + "/api/2.0/mlflow-artifacts/artifacts/";
    CHECK(emulator.send("PUT", base + "ExperimentRun/dcid.r/model/a.txt", "hello").status == 200);
    CHECK(emulator.send("PUT", base + "ExperimentRun/dcid.other/a.txt", "x").status == 404);
    const auto list = emulator.call(
        "GET", "artifact/v2.0", "/artifacts/ExperimentRun/dcid.r?path=model", nullptr);
    REQUIRE(list["value"].size() == 1);
    CHECK(list["value"][0]["path"] == "model/a.txt");
    const auto info = emulator.call("GET",
                                    "artifact/v2.0",
                                    "/artifacts/ExperimentRun/dcid.r/contentinfo?path=model/a.txt",
                                    nullptr);
    const auto url = info["contentUri"].get<std::string>();
    const auto blob = emulator.send("GET", url.substr(emulator.context.base_url.size()));
    CHECK(std::get<FileBody>(blob.body).length == 5);
    const auto top =
        emulator.call("GET", mlflow, "/api/2.0/mlflow/artifacts/list?run_id=r", nullptr);
    CHECK(top["files"] == json::array({{{"path", "model"}, {"is_dir", true}}}));
}

TEST_CASE(
    "a run's artifacts have Azure's address, and for MLflow without Azure's plug-in its own") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_run(emulator, "r", "Running");
    const auto uri = [&](const char* service) {
        const auto run =
            emulator.call("GET", service, "/api/2.0/mlflow/runs/get?run_id=r", nullptr)["run"];
        return run["info"]["artifact_uri"].get<std::string>();
    };
    const auto experiment = emulator
                                .call("GET",
                                      mlflow,
                                      "/api/2.0/mlflow/runs/get?run_id=r",
                                      nullptr)["run"]["info"]["experiment_id"]
                                .get<std::string>();
    const auto host = emulator.context.base_url.substr(emulator.context.base_url.find("//") + 2);
    CHECK(uri("mlflow/v2.0") == "azureml://" + host + "/mlflow/v2.0" + emulator.workspace.arm_id() +
                                    "/experiments/" + experiment + "/runs/r/artifacts");
    CHECK(uri("mlflow/local") == "mlflow-artifacts:/ExperimentRun/dcid.r");
}

TEST_CASE("artifacts are made in a batch, and written to the addresses that come back") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_run(emulator, "r", "Running");
    const auto made = emulator.call("POST",
                                    "history/v1.0",
                                    "/experiments/any/runs/r/artifacts/batch/metadata",
                                    {{"paths", {{{"path", "data/a.txt"}}, {{"path", "b c.txt"}}}}});
    CHECK(made["errors"].empty());
    CHECK(made["artifacts"]["data/a.txt"]["artifactId"] == "ExperimentRun/dcid.r/data/a.txt");
    const auto url = made["artifactContentInformation"]["b c.txt"]["contentUri"].get<std::string>();
    const auto target = url.substr(emulator.context.base_url.size());
    CHECK(emulator.send("PUT", target, "hello", {{"x-ms-blob-type", "BlockBlob"}}).status == 201);
    const auto list =
        emulator.call("GET", "history/v1.0", "/experiments/any/runs/r/artifacts", nullptr);
    REQUIRE(list["value"].size() == 1);
    CHECK(list["value"][0]["path"] == "b c.txt");
    const auto refused = emulator.call("POST",
                                       "history/v1.0",
                                       "/experiments/any/runs/r/artifacts/batch/metadata",
                                       {{"paths", {{{"tags", nullptr}}}}});
    CHECK(refused["error"]["code"] == "UserError");
}

TEST_CASE("experiments have the order that is asked for, and no other") {
    aml::test::TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    std::vector<std::string> newest_first;
    for (int i = 0; i < 8; ++i) {
        emulator.clock.advance(std::chrono::seconds(1));
        const auto name = fmt::format("e{}", i);
        emulator.context.runs.ensure_experiment("w", name, emulator.clock.now());
        newest_first.insert(newest_first.begin(), name);
    }
    const auto names = [&](const json& query) {
        std::vector<std::string> all;
        const auto answer =
            emulator.call("POST", "history/v1.0", "/experiments:query", query)["value"];
        for (const auto& item : answer) all.push_back(item["name"]);
        return all;
    };
    CHECK(names({{"orderBy", "CreatedUtc desc"}}) == newest_first);
    CHECK(names(json::object()) != newest_first);
}

TEST_CASE("a token of another tenant than the subscription's is refused without a challenge") {
    aml::test::TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    emulator.tenants.put({"guest", "Fabrikam", "fabrikam.example"});
    emulator.tenants.assign("s", "guest");
    const auto asked = [&] {
        return emulator.send(
            "POST", "/history/v1.0" + emulator.workspace.arm_id() + "/experiments:query", "{}");
    };
    const auto refused = asked();
    CHECK(refused.status == 401);
    CHECK_FALSE(refused.headers.has("WWW-Authenticate"));
    emulator.caller_tenant = "guest";
    CHECK(asked().status == 200);
}

}  // namespace aml::emulator::data_test
