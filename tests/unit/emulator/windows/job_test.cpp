#include "compute/job_files.hpp"
#include "platform/environment.hpp"
#include "unit/emulator/emulator_fixture.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace aml::emulator::job_test {

using aml::test::TemporaryDirectory;
using test::EmulatorParts;

namespace {

/// A job of a script that cmd.exe runs where there is no bash; both know these commands.
void submit_here(EmulatorParts& emulator,
                 const std::string& id,
                 const std::string& command,
                 const json& more = json::object()) {
    Run run;
    run.workspace_id = emulator.workspace.id;
    run.id = id;
    run.uuid = emulator.random->uuid();
    run.experiment_id = emulator.runs.ensure_experiment("w", "exp", emulator.clock.now()).id;
    run.target = "cpu";
    run.job = {{"command", command},
               {"environmentId", nullptr},
               {"computeId", nullptr},
               {"inputs", nullptr},
               {"outputs", json::object()}};
    run.job.update(more);
    run.created = emulator.clock.now();
    emulator.runs.insert(run);
    emulator.scheduler.run_created("w", id);
}

std::string status_of(EmulatorParts& emulator, const std::string& id) {
    const auto run = emulator.runs.find("w", id);
    return run ? run->status : "gone";
}

bool becomes(EmulatorParts& emulator, const std::string& id, std::string_view wanted) {
    return emulator.wait_until([&] {
        const auto now = status_of(emulator, id);
        return now == wanted || (is_final(now) && !is_final(wanted));
    });
}

std::string log_of(EmulatorParts& emulator, const std::string& id) {
    auto& store = emulator.blobs.store();
    const auto blob =
        store.find({"account", "azureml", "ExperimentRun/dcid." + id + "/user_logs/std_log.txt"});
    if (!blob) return "(none)";
    std::ifstream file(store.path_of(blob->content));
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string failure_of(EmulatorParts& emulator, const std::string& id) {
    return emulator.runs.find("w", id)->error["error"]["message"].get<std::string>();
}

/// Code of one file, as a job refers to it.
json code_with(EmulatorParts& emulator, const std::vector<std::string>& names) {
    emulator.blobs.ensure_container("account", "code");
    const auto sas = emulator.blobs.container_sas("account", "code", "rcwl", std::chrono::hours(1));
    const Headers block{{"x-ms-blob-type", "BlockBlob"}};
    for (const auto& name : names)
        CHECK(emulator.send("PUT", "/account/code/p/" + name + "?" + sas, "x", block).status ==
              201);
    Resource code{0, "w", "codes/versions", "c", "1", {}, json::object()};
    code.body = {{"properties", {{"codeUri", "http://127.0.0.1:9/account/code/p"}}}};
    emulator.resources.put(code);
    return {{"codeId", "/x/codes/c/versions/1"}};
}

}  // namespace

TEST_CASE("a job runs on Windows, and its log is kept") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    auto code = code_with(emulator, {"data"});
    submit_here(emulator, "j1", "echo trained && exit 0", code);
    REQUIRE(becomes(emulator, "j1", run_status::completed));
    CHECK(log_of(emulator, "j1").find("trained") != std::string::npos);
}

TEST_CASE("a job that fails on Windows says how its process ended") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    submit_here(emulator, "bad", "echo oops && exit 3");
    REQUIRE(becomes(emulator, "bad", run_status::failed));
    CHECK(failure_of(emulator, "bad").find("'echo' exited with status code 3") !=
          std::string::npos);
}

TEST_CASE("a job that runs on Windows is cancelled with all that it started") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    submit_here(emulator, "long", "ping -n 600 127.0.0.1");
    REQUIRE(becomes(emulator, "long", run_status::running));
    emulator.scheduler.cancel_requested("w", "long");
    REQUIRE(becomes(emulator, "long", run_status::canceled));
}

TEST_CASE("code that Windows has no names for is refused, by the name") {
    for (const auto& names : std::vector<std::vector<std::string>>{
             {"aux.txt"}, {"NUL/x"}, {"dot."}, {"blank%20"}, {"Data/a", "data/A"}}) {
        CAPTURE(names.front());
        const TemporaryDirectory folder;
        EmulatorParts emulator(folder.path());
        submit_here(emulator, "no", "echo never", code_with(emulator, names));
        REQUIRE(becomes(emulator, "no", run_status::failed));
        const auto why = failure_of(emulator, "no");
        CAPTURE(why);
        CHECK((why.find("cannot be the name of a file on Windows") != std::string::npos ||
               why.find("would be one file on this machine") != std::string::npos));
    }
}

}  // namespace aml::emulator::job_test
