#include "unit/emulator/emulator_fixture.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>

namespace aml::emulator::job_test {

using aml::test::TemporaryDirectory;
using test::EmulatorParts;

namespace {

void submit(EmulatorParts& emulator,
            const std::string& id,
            const std::string& command,
            json more = json::object()) {
    Run run;
    run.workspace_id = emulator.workspace.id;
    run.id = id;
    run.uuid = emulator.random->uuid();
    run.experiment_id = emulator.runs.ensure_experiment("w", "exp", emulator.clock.now()).id;
    run.target = "cpu";
    run.job = {{"command", command},
               {"environmentId", nullptr},
               {"inputs", nullptr},
               {"outputs", json::object()}};
    run.job.update(more);
    run.created = emulator.clock.now();
    emulator.runs.insert(run);
    emulator.scheduler.run_created("w", id);
}

void add_cluster(EmulatorParts& emulator, int max_nodes) {
    Resource compute;
    compute.workspace_id = "w";
    compute.type = "computes";
    compute.name = "cpu";
    compute.body = {{"properties",
                     {{"computeType", "AmlCompute"},
                      {"properties",
                       {{"scaleSettings", {{"minNodeCount", 0}, {"maxNodeCount", max_nodes}}}}}}}};
    compute.system_data = json::object();
    emulator.resources.put(compute);
    emulator.scheduler.compute_changed("w", "cpu");
}

std::string status(EmulatorParts& emulator, const std::string& id) {
    const auto run = emulator.runs.find("w", id);
    return run ? run->status : "gone";
}

bool reaches(EmulatorParts& emulator, const std::string& id, std::string_view wanted) {
    return emulator.wait_until([&] {
        const auto now = status(emulator, id);
        return now == wanted || (is_final(now) && !is_final(wanted));
    });
}

std::string artifact(EmulatorParts& emulator, const std::string& id, const std::string& path) {
    auto& store = emulator.blobs.store();
    const auto blob = store.find({"account", "azureml", "ExperimentRun/dcid." + id + "/" + path});
    if (!blob) return "(none)";
    std::ifstream file(store.path_of(blob->content));
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("a job gets its code, inputs and variables, and its outputs and log are kept") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_cluster(emulator, 1);
    emulator.blobs.ensure_container("account", "code");
    const auto sas = emulator.blobs.container_sas("account", "code", "rcwl", std::chrono::hours(1));
    const Headers block{{"x-ms-blob-type", "BlockBlob"}};
    CHECK(emulator.send("PUT", "/account/code/p/run.sh?" + sas, "echo code; cat sub/data\n", block)
              .status == 201);
    CHECK(emulator.send("PUT", "/account/code/p/sub/data?" + sas, "data\n", block).status == 201);
    Resource code{0, "w", "codes/versions", "c", "1", {}, json::object()};
    code.body = {{"properties", {{"codeUri", "http://127.0.0.1:9/account/code/p"}}}};
    emulator.resources.put(code);
    submit(emulator,
           "j1",
           "./run.sh; echo ${{inputs.lr}} $AZURE_ML_INPUT_lr $MINE $AZUREML_RUN_ID; echo m > "
           "outputs/m.txt",
           {{"codeId", "/x/codes/c/versions/1"},
            {"inputs", {{"lr", {{"jobInputType", "literal"}, {"value", "0.1"}}}}},
            {"environmentVariables", {{"MINE", "v"}}}});
    REQUIRE(reaches(emulator, "j1", run_status::completed));
    CHECK(artifact(emulator, "j1", "user_logs/std_log.txt") == "code\ndata\n0.1 0.1 v j1\n");
    CHECK(artifact(emulator, "j1", "outputs/m.txt") == "m\n");
    const auto details = emulator.call("GET", "history/v1.0", "/runs/j1/details", nullptr);
    CHECK(details["status"] == "Completed");
    CHECK(details["startTimeUtc"].is_string());
    CHECK(details["endTimeUtc"].is_string());
    const auto url = details["logFiles"]["user_logs/std_log.txt"].get<std::string>();
    const auto log = emulator.send(
        "GET", url.substr(emulator.context.base_url.size()), "", {{"Range", "bytes=5-"}});
    CHECK(log.status == 206);
    CHECK(log.headers.get("Content-Range") == "bytes 5-22/23");
}

TEST_CASE("a job that fails says how its process ended") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    submit(emulator, "bad", "echo oops; exit 3", {{"computeId", nullptr}});
    REQUIRE(reaches(emulator, "bad", run_status::failed));
    const auto message =
        emulator.runs.find("w", "bad")->error["error"]["message"].get<std::string>();
    CHECK(message.find("'echo' exited with status code 3") != std::string::npos);
    CHECK(message.ends_with("Error: oops"));
}

TEST_CASE("jobs queue in order on a full cluster and a waiting one can be cancelled") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    add_cluster(emulator, 1);
    submit(emulator, "first", "while [ ! -e go ]; do sleep 0.02; done");
    REQUIRE(reaches(emulator, "first", run_status::running));
    submit(emulator, "second", "echo 2");
    submit(emulator, "third", "echo 3");
    REQUIRE(reaches(emulator, "third", run_status::queued));
    const auto waits = [&] {
        const auto run = emulator.runs.find("w", "third");
        return run->queueing.is_object() &&
               run->queueing["message"] == "Waiting behind 1 other job for a node of 'cpu'.";
    };
    CHECK(emulator.wait_until(waits));
    CHECK(emulator.scheduler.cluster("w", "cpu").running == 1);
    emulator.scheduler.cancel_requested("w", "third");
    CHECK(status(emulator, "third") == run_status::cancel_requested);
    REQUIRE(reaches(emulator, "third", run_status::canceled));
    CHECK(status(emulator, "second") == run_status::queued);
    std::ofstream(folder.path() / "jobs/w/first/code/go") << "";
    REQUIRE(reaches(emulator, "second", run_status::completed));
    CHECK(status(emulator, "first") == run_status::completed);
}

TEST_CASE("a job with a time limit is cancelled when it runs over it") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    submit(emulator, "slow", "sleep 600", {{"limits", {{"timeout", "PT1S"}}}});
    REQUIRE(reaches(emulator, "slow", run_status::running));
    emulator.clock.advance(std::chrono::milliseconds(999));
    emulator.loop.poll();
    CHECK(status(emulator, "slow") == run_status::running);
    emulator.clock.advance(std::chrono::milliseconds(1));
    REQUIRE(reaches(emulator, "slow", run_status::canceled));
    CHECK(emulator.runs.find("w", "slow")
              ->error["error"]["message"]
              .get<std::string>()
              .find("limit of 1 seconds") != std::string::npos);
}

TEST_CASE(
    "jobs outlive the emulator: running ones are adopted, queued ones taken up, ended ones "
    "settled") {
    const TemporaryDirectory folder;
    {
        EmulatorParts emulator(folder.path());
        add_cluster(emulator, 2);
        submit(emulator,
               "goes-on",
               "echo started; while [ ! -e go ]; do sleep 0.02; done; echo ended");
        submit(emulator, "ends", "while [ ! -e go ]; do sleep 0.02; done; exit 4");
        REQUIRE(reaches(emulator, "goes-on", run_status::running));
        REQUIRE(reaches(emulator, "ends", run_status::running));
        submit(emulator, "waits", "echo ${AZUREML_RUN_ID}");
    }
    std::ofstream(folder.path() / "jobs/w/ends/code/go") << "";
    const auto exit = folder.path() / "jobs/w/ends/process/exit";
    asio::io_context nothing;
    REQUIRE(aml::test::wait_until(nothing, [&] { return std::filesystem::exists(exit); }));
    EmulatorParts emulator(folder.path());
    REQUIRE(reaches(emulator, "ends", run_status::failed));
    CHECK(emulator.runs.find("w", "ends")->runner["exitCode"] == 4);
    CHECK(status(emulator, "goes-on") == run_status::running);
    REQUIRE(reaches(emulator, "waits", run_status::completed));
    std::ofstream(folder.path() / "jobs/w/goes-on/code/go") << "";
    REQUIRE(reaches(emulator, "goes-on", run_status::completed));
    CHECK(artifact(emulator, "goes-on", "user_logs/std_log.txt") == "started\nended\n");
}

TEST_CASE("a job runs without Python as far as it can, and its log says what is missing") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    emulator.settings.python = "/missing/python";
    submit(emulator, "plain", "echo done");
    REQUIRE(reaches(emulator, "plain", run_status::completed));
    const auto log = artifact(emulator, "plain", "user_logs/std_log.txt");
    CHECK(log.starts_with("/missing/python is no Python 3.6 or newer. Install Python 3 "));
    CHECK(log.ends_with("\ndone\n"));
}

TEST_CASE("paths of inputs and outputs are one word, wherever the state lies") {
    const TemporaryDirectory folder;
    const auto state = folder.path() / "Application Support";
    std::filesystem::create_directories(state);
    EmulatorParts emulator(state);
    submit(
        emulator,
        "blanks",
        "echo text > ${{outputs.default}}/x.txt; ls ${{outputs.default}}; python -c 'import sys; "
        "print(sys.prefix)'",
        {{"outputs", {{"default", {{"jobOutputType", "uri_folder"}}}}}});
    REQUIRE(reaches(emulator, "blanks", run_status::completed));
    const auto environment = state / "jobs/w/blanks/programs";
    CHECK(artifact(emulator, "blanks", "user_logs/std_log.txt") ==
          "x.txt\n" + environment.string() + "\n");
}

TEST_CASE("a deleted run leaves nothing behind") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    submit(emulator, "gone", "sleep 600");
    REQUIRE(reaches(emulator, "gone", run_status::running));
    emulator.runs.remove("w", "gone");
    emulator.scheduler.run_deleted("w", "gone");
    const auto root = folder.path() / "jobs/w/gone";
    CHECK(emulator.wait_until([&] { return !std::filesystem::exists(root); }));
    CHECK(artifact(emulator, "gone", "user_logs/std_log.txt") == "(none)");
}

}  // namespace aml::emulator::job_test
