#include "unit/emulator/emulator_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace aml::emulator::distributed_job_test {

using aml::test::TemporaryDirectory;
using test::EmulatorParts;

namespace {

/// A job of several processes on the serverless pool.
void submit_ranks(EmulatorParts& emulator,
                  const std::string& id,
                  const std::string& command,
                  json distribution,
                  json more = json::object()) {
    Run run;
    run.workspace_id = emulator.workspace.id;
    run.id = id;
    run.uuid = emulator.random->uuid();
    run.experiment_id = emulator.runs.ensure_experiment("w", "exp", emulator.clock.now()).id;
    run.job = {{"command", command},
               {"environmentId", nullptr},
               {"inputs", nullptr},
               {"outputs", json::object()},
               {"resources", {{"instanceCount", 2}}},
               {"distribution", std::move(distribution)}};
    run.job.update(more);
    run.created = emulator.clock.now();
    emulator.runs.insert(run);
    emulator.scheduler.run_created("w", id);
}

bool ends_as(EmulatorParts& emulator, const std::string& id, std::string_view wanted) {
    emulator.wait_until([&] { return is_final(emulator.runs.find("w", id)->status); });
    return emulator.runs.find("w", id)->status == wanted;
}

std::string log_text(EmulatorParts& emulator, const std::string& id, const std::string& file) {
    auto& store = emulator.blobs.store();
    const auto blob =
        store.find({"account", "azureml", "ExperimentRun/dcid." + id + "/user_logs/" + file});
    if (!blob) return "(none)";
    std::ifstream log(store.path_of(blob->content));
    std::stringstream text;
    text << log.rdbuf();
    return text.str();
}

std::string error_text(EmulatorParts& emulator, const std::string& id) {
    return emulator.runs.find("w", id)->error["error"]["message"].get<std::string>();
}

/// Each process adds its rank over a socket of the first one, and all print the sum.
constexpr auto sum_script = R"(python3 - <<'END'
import os, socket, struct, time
rank, size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
place = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
if rank == 0:
    with socket.create_server(place) as server:
        peers = [server.accept()[0] for _ in range(size - 1)]
    total = sum(struct.unpack("i", peer.recv(4))[0] for peer in peers)
    for peer in peers:
        peer.sendall(struct.pack("i", total))
else:
    while True:
        try:
            peer = socket.create_connection(place)
            break
        except ConnectionRefusedError:
            time.sleep(0.02)
    peer.sendall(struct.pack("i", rank))
    total = struct.unpack("i", peer.recv(4))[0]
print("rank", rank, "of", size, "on node", os.environ["NODE_RANK"], "sum", total)
END)";

json pytorch(int on_each_node) {
    return {{"distributionType", "PyTorch"}, {"processCountPerInstance", on_each_node}};
}

}  // namespace

TEST_CASE("the processes of a distributed job meet, and each has a log of its own") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    submit_ranks(emulator, "sum", sum_script, pytorch(2));
    REQUIRE(ends_as(emulator, "sum", run_status::completed));
    CHECK(log_text(emulator, "sum", "std_log_process_00.txt") == "rank 0 of 4 on node 0 sum 6\n");
    CHECK(log_text(emulator, "sum", "std_log_process_03.txt") == "rank 3 of 4 on node 1 sum 6\n");
    CHECK(log_text(emulator, "sum", "std_log.txt") == "(none)");
    CHECK(emulator.scheduler.cluster("w", "").running == 0);
}

TEST_CASE("a process that fails ends the others, and the run says which it was") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    submit_ranks(emulator,
                 "bad",
                 "test $OMPI_COMM_WORLD_RANK = 2 && echo oops && exit 7; exec sleep 600",
                 {{"distributionType", "Mpi"}, {"processCountPerInstance", 2}});
    REQUIRE(ends_as(emulator, "bad", run_status::failed));
    CHECK(error_text(emulator, "bad") ==
          "Execution failed. User process 'test' of rank 2 exited with status code 7. Please check "
          "log file 'user_logs/std_log_process_02.txt' for error details. Error: oops");
    CHECK(emulator.runs.find("w", "bad")->runner["exitCode"] == 7);
}

TEST_CASE("a cancel and a time limit end all processes of a job, with what they have started") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    const auto pids = [&](const std::string& id) {
        std::vector<pid_t> found;
        for (const auto* log : {"std_log_process_00.txt", "std_log_process_01.txt"}) {
            pid_t pid = 0;
            std::istringstream(log_text(emulator, id, log)) >> pid;
            if (pid > 0) found.push_back(pid);
        }
        return found;
    };
    const auto all_gone = [](const std::vector<pid_t>& processes) {
        return std::ranges::all_of(processes, [](pid_t pid) { return ::kill(pid, 0) != 0; });
    };
    const std::string command = "sleep 600 & echo $!; wait";
    submit_ranks(emulator, "cancelled", command, pytorch(1));
    REQUIRE(emulator.wait_until([&] { return pids("cancelled").size() == 2; }));
    const auto started = pids("cancelled");
    CHECK(emulator.scheduler.cluster("w", "").running == 2);
    emulator.scheduler.cancel_requested("w", "cancelled");
    REQUIRE(ends_as(emulator, "cancelled", run_status::canceled));
    CHECK(all_gone(started));
    // One process ends well, and the other hangs.
    submit_ranks(emulator,
                 "late",
                 "test $RANK = 0 || { sleep 600 & echo $!; wait; }",
                 pytorch(1),
                 {{"limits", {{"timeout", "PT5S"}}}});
    REQUIRE(emulator.wait_until([&] { return pids("late").size() == 1; }));
    const auto hanging = pids("late");
    REQUIRE(emulator.wait_until(
        [&] { return emulator.runs.find("w", "late")->status == run_status::running; }));
    emulator.clock.advance(std::chrono::seconds(5));
    REQUIRE(ends_as(emulator, "late", run_status::canceled));
    CHECK(all_gone(hanging));
    CHECK(error_text(emulator, "late").find("limit of 5 seconds") != std::string::npos);
}

TEST_CASE("a distributed job outlives the emulator, whichever of its processes were started") {
    const TemporaryDirectory folder;
    const std::string command =
        "echo $RANK $MASTER_PORT; while [ ! -e go ]; do sleep 0.02; done; echo ended";
    std::string port;
    {
        EmulatorParts emulator(folder.path());
        submit_ranks(emulator, "stays", command, pytorch(1));
        REQUIRE(emulator.wait_until([&] {
            return log_text(emulator, "stays", "std_log_process_00.txt").starts_with("0 ") &&
                   log_text(emulator, "stays", "std_log_process_01.txt").starts_with("1 ");
        }));
        std::istringstream(log_text(emulator, "stays", "std_log_process_00.txt").substr(2)) >> port;
    }
    // As if the emulator had been killed before it came to the second one.
    const auto second = folder.path() / "jobs/w/stays/process/01";
    std::ofstream(second / "stop") << "";
    asio::io_context nothing;
    REQUIRE(
        aml::test::wait_until(nothing, [&] { return std::filesystem::exists(second / "exit"); }));
    std::filesystem::remove_all(second);
    EmulatorParts emulator(folder.path());
    CHECK(emulator.wait_until([&] { return emulator.scheduler.cluster("w", "").running == 2; }));
    REQUIRE(emulator.wait_until([&] {
        return log_text(emulator, "stays", "std_log_process_01.txt") ==
               "1 " + port + "\n1 " + port + "\n";
    }));
    std::ofstream(folder.path() / "jobs/w/stays/code/go") << "";
    REQUIRE(ends_as(emulator, "stays", run_status::completed));
    CHECK(log_text(emulator, "stays", "std_log_process_01.txt").ends_with("ended\n"));
}

TEST_CASE("a job of Ray fails and says that the emulator has no such cluster") {
    const TemporaryDirectory folder;
    EmulatorParts emulator(folder.path());
    submit_ranks(emulator, "ray", "echo", {{"distributionType", "Ray"}});
    REQUIRE(ends_as(emulator, "ray", run_status::failed));
    CHECK(error_text(emulator, "ray").starts_with("The emulator starts no Ray cluster."));
}

}  // namespace aml::emulator::distributed_job_test
