#include "execution/supervised_process.hpp"
#include "platform/environment.hpp"
#include "support/aml_program.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"
#include "support/wait_until.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace aml::execution::process_test {

using namespace std::chrono_literals;
using aml::test::run;

namespace {

// Long enough for a test that hangs to be seen.
constexpr auto lasting = "ping -n 600 127.0.0.1 >nul";

struct Folder {
    aml::test::TemporaryDirectory directory;
    std::filesystem::path path = directory.path();

    std::string log() const {
        std::ifstream file(path / "log.txt");
        return {std::istreambuf_iterator<char>(file), {}};
    }
};

LaunchPlan plan(const Folder& folder, const std::string& command) {
    LaunchPlan launch;
    launch.log = folder.path / "log.txt";
    launch.working_directory = folder.path;
    launch.arguments = {platform::variable("COMSPEC"), "/d", "/s", "/c", command};
    launch.environment = {{"SystemRoot", platform::variable("SystemRoot")},
                          {"PATH", platform::variable("PATH")},
                          {"GREETING", "hello"}};
    launch.grace = 200ms;
    return launch;
}

SupervisedProcess launch(const Folder& folder, const LaunchPlan& plan) {
    return SupervisedProcess::launch(aml::test::aml_program(), folder.path, plan);
}

}  // namespace

TEST_CASE("cmd.exe gets a command as it stands, its environment, and keeps output and status") {
    asio::io_context loop(1);
    const Folder folder;
    auto process = launch(folder, plan(folder, "echo %GREETING%& echo \"two words\"& exit 3"));
    run(loop, process.wait({}));
    CHECK(folder.log() == "hello\n\"two words\"\n");
    CHECK(SupervisedProcess::exit_of(folder.path)->code == 3);
    CHECK_FALSE(SupervisedProcess::adopt(folder.path));
}

TEST_CASE("a running process can be adopted and ended") {
    asio::io_context loop(1);
    const Folder folder;
    auto process = launch(folder, plan(folder, std::string("echo ready& ") + lasting));
    REQUIRE(aml::test::wait_until(loop, [&] { return folder.log() == "ready\n"; }));
    auto adopted = SupervisedProcess::adopt(folder.path);
    REQUIRE(adopted);
    adopted->terminate();
    run(loop, adopted->wait({}));
    CHECK_FALSE(SupervisedProcess::exit_of(folder.path)->succeeded());
    run(loop, process.wait({}));
}

TEST_CASE("what a process leaves behind ends with its job object") {
    asio::io_context loop(1);
    const Folder folder;
    auto process = launch(folder, plan(folder, std::string("start /b ") + lasting + "& echo left"));
    run(loop, process.wait({}));
    CHECK(folder.log() == "left\n");
    CHECK(SupervisedProcess::exit_of(folder.path)->succeeded());
    // Nobody has a file of it open any more.
    std::error_code failure;
    std::filesystem::remove_all(folder.path, failure);
    CHECK_FALSE(failure);
}

TEST_CASE("a process ends when the files of its folder disappear") {
    asio::io_context loop(1);
    const Folder folder;
    auto process = launch(folder, plan(folder, lasting));
    REQUIRE(
        aml::test::wait_until(loop, [&] { return SupervisedProcess::was_launched(folder.path); }));
    std::filesystem::remove(folder.path / "supervisor");
    run(loop, process.wait({}));
    CHECK(SupervisedProcess::exit_of(folder.path));
}

TEST_CASE("a command that cannot be started ends with status 127 and says why in the log") {
    asio::io_context loop(1);
    const Folder folder;
    auto broken = plan(folder, "");
    broken.arguments = {"C:\\missing\\program.exe"};
    auto process = launch(folder, broken);
    run(loop, process.wait({}));
    CHECK(SupervisedProcess::exit_of(folder.path)->code == 127);
    CHECK(folder.log().find("C:\\missing\\program.exe in ") != std::string::npos);
}

}  // namespace aml::execution::process_test
