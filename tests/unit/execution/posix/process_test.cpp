#include "execution/supervised_process.hpp"
#include "support/aml_program.hpp"
#include "support/error_of.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"
#include "support/wait_until.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

namespace aml::execution::process_test {

using namespace std::chrono_literals;
using aml::test::run;

namespace {

struct Folder {
    aml::test::TemporaryDirectory directory;
    std::filesystem::path path = directory.path();

    std::string log() const {
        std::ifstream file(path / "log.txt");
        std::stringstream text;
        text << file.rdbuf();
        return text.str();
    }
};

LaunchPlan plan(const Folder& folder, const std::string& command) {
    LaunchPlan launch;
    launch.log = folder.path / "log.txt";
    launch.working_directory = folder.path;
    launch.arguments = {"/bin/bash", "-c", command};
    launch.environment = {{"PATH", "/usr/bin:/bin"}, {"GREETING", "hello"}};
    launch.grace = 200ms;
    return launch;
}

SupervisedProcess launch(const Folder& folder, const LaunchPlan& plan) {
    return SupervisedProcess::launch(aml::test::aml_program(), folder.path, plan);
}

bool alive(pid_t process) {
    return ::kill(process, 0) == 0;
}

}  // namespace

TEST_CASE("a supervised process gets its environment, and its output and exit status are kept") {
    asio::io_context loop(1);
    const Folder folder;
    CHECK_FALSE(SupervisedProcess::was_launched(folder.path));
    auto process = launch(folder, plan(folder, "echo $GREETING; echo bad >&2; exit 3"));
    run(loop, process.wait({}));
    CHECK(folder.log() == "hello\nbad\n");
    const auto exit = SupervisedProcess::exit_of(folder.path);
    REQUIRE(exit);
    CHECK(exit->code == 3);
    CHECK_FALSE(exit->signalled);
    CHECK(SupervisedProcess::was_launched(folder.path));
    CHECK_FALSE(SupervisedProcess::adopt(folder.path));
}

TEST_CASE("a folder runs one process once") {
    asio::io_context loop(1);
    const Folder folder;
    auto first = launch(folder, plan(folder, "echo one"));
    run(loop, first.wait({}));
    auto second = launch(folder, plan(folder, "echo two"));
    run(loop, second.wait({}));
    CHECK(folder.log() == "one\n");
}

TEST_CASE("a running process can be adopted and stopped even if it ignores TERM") {
    asio::io_context loop(1);
    const Folder folder;
    const auto command = "trap '' TERM; echo ready; while true; do sleep 0.05; done";
    auto process = launch(folder, plan(folder, command));
    REQUIRE(aml::test::wait_until(loop, [&] { return folder.log() == "ready\n"; }));
    auto adopted = SupervisedProcess::adopt(folder.path);
    REQUIRE(adopted);
    adopted->terminate();
    run(loop, adopted->wait({}));
    const auto exit = SupervisedProcess::exit_of(folder.path);
    REQUIRE(exit);
    CHECK(exit->signalled);
    CHECK(exit->code == SIGKILL);
    CHECK(exit->signal_name == "Killed");
    run(loop, process.wait({}));
}

TEST_CASE(
    "a process holds none of the emulator's files open, so that readers see the emulator end") {
    asio::io_context loop(1);
    const Folder folder;
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    const int stream = ::dup(STDOUT_FILENO);
    ::dup2(pipe[1], STDOUT_FILENO);
    auto process = launch(folder, plan(folder, "sleep 600"));
    ::dup2(stream, STDOUT_FILENO);
    ::close(stream);
    ::close(pipe[1]);
    REQUIRE(
        aml::test::wait_until(loop, [&] { return SupervisedProcess::was_launched(folder.path); }));
    char byte = 0;
    ::fcntl(pipe[0], F_SETFL, O_NONBLOCK);
    CHECK(::read(pipe[0], &byte, 1) == 0);
    ::close(pipe[0]);
    process.terminate();
    run(loop, process.wait({}));
}

TEST_CASE("waiting can be cancelled and the process goes on") {
    asio::io_context loop(1);
    const Folder folder;
    auto process = launch(folder, plan(folder, "sleep 600"));
    std::stop_source stop;
    asio::post(loop, [&] { stop.request_stop(); });
    const auto error = aml::test::error_of([&] { run(loop, process.wait(stop.get_token())); });
    CHECK(error.kind() == ErrorKind::Cancelled);
    CHECK_FALSE(SupervisedProcess::exit_of(folder.path));
    process.terminate();
    run(loop, process.wait({}));
    CHECK(SupervisedProcess::exit_of(folder.path)->signalled);
}

TEST_CASE("a command that cannot be started ends with status 127 and says why in the log") {
    asio::io_context loop(1);
    const Folder folder;
    auto broken = plan(folder, "");
    broken.working_directory = folder.path / "missing";
    auto process = launch(folder, broken);
    run(loop, process.wait({}));
    CHECK(SupervisedProcess::exit_of(folder.path)->code == 127);
    CHECK(folder.log().find("missing: no such file.") != std::string::npos);
}

TEST_CASE("variables may hold any bytes, and nothing of the plan stays behind") {
    asio::io_context loop(1);
    const Folder folder;
    auto odd = plan(folder, "printf %s \"$ODD\"");
    odd.environment.emplace_back("ODD", "\xFF=\n'");
    auto process = launch(folder, odd);
    run(loop, process.wait({}));
    CHECK(folder.log() == "\xFF=\n'");
    CHECK_FALSE(std::filesystem::exists(folder.path / "plan"));
}

TEST_CASE("a plan is for its owner's eyes only") {
    const Folder folder;
    leave_plan(plan(folder, ""), folder.path);
    const auto permissions = std::filesystem::status(folder.path / "plan").permissions();
    CHECK(permissions == std::filesystem::perms(0600));
    CHECK(take_plan(folder.path)->arguments.front() == "/bin/bash");
    CHECK_FALSE(take_plan(folder.path));
}

TEST_CASE("a process ends when its folder disappears") {
    asio::io_context loop(1);
    const Folder folder;
    const aml::test::TemporaryDirectory elsewhere;
    auto lasting = plan(folder, "echo $$; exec sleep 600");
    lasting.log = elsewhere.path() / "log.txt";
    lasting.working_directory = elsewhere.path();
    auto process = launch(folder, lasting);
    pid_t pid = 0;
    REQUIRE(aml::test::wait_until(loop, [&] { return bool(std::ifstream(lasting.log) >> pid); }));
    std::filesystem::remove_all(folder.path);
    run(loop, process.wait({}));
    CHECK_FALSE(alive(pid));
}

TEST_CASE("a supervisor that cannot be started is an error that names it") {
    const Folder folder;
    const auto error = aml::test::error_of(
        [&] { SupervisedProcess::launch("/missing/emulator", folder.path, plan(folder, "")); });
    CHECK(error.kind() == ErrorKind::Unavailable);
    CHECK(error.message().find("/missing/emulator") != std::string::npos);
}

}  // namespace aml::execution::process_test
