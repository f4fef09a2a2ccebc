#include "platform/process.hpp"

#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <system_error>
#include <thread>

using namespace aml;
using platform::Process;
using test::TemporaryDirectory;

namespace {

/// What this system's shell says to a command that both know.
struct Shell {
    platform::ProcessStart start(const std::string& command) const {
        auto arguments = windows ? std::vector<std::string>{program.string(), "/d", "/c", command}
                                 : std::vector<std::string>{program.string(), "-c", command};
        return {.arguments = std::move(arguments),
                .directory = {},
                .environment = platform::variables()};
    }

    bool windows = std::filesystem::path::preferred_separator == '\\';
    std::filesystem::path program =
        platform::find_program(windows ? "cmd" : "sh", platform::variable("PATH"));
};

std::pair<platform::Printed, int> run_to_end(const platform::ProcessStart& start) {
    Process process(start);
    platform::Printed all;
    while (!all.ended) {
        auto printed = process.read(std::chrono::milliseconds(50));
        all.output += printed.output;
        all.errors += printed.errors;
        all.ended = printed.ended;
    }
    return {all, process.wait()};
}

}  // namespace

TEST_CASE("a program is started with its arguments, environment and folder") {
    const Shell shell;
    REQUIRE_FALSE(shell.program.empty());
    const TemporaryDirectory folder;
    folder.write("here.txt", "x");
    auto start = shell.start(shell.windows ? "dir /b & echo %EXTRA%& echo bad 1>&2 & exit 7"
                                           : "ls; echo $EXTRA; echo bad >&2; exit 7");
    start.directory = folder.path();
    start.environment = platform::with_variables(start.environment, {{"EXTRA", "träin"}});
    const auto [printed, code] = run_to_end(start);
    CHECK(code == 7);
    CHECK(printed.output.find("here.txt") == 0);
    CHECK(printed.output.find(shell.windows ? "tr" : "träin") != std::string::npos);
    CHECK(printed.errors.find("bad") == 0);
}

TEST_CASE("a program that is none cannot be started") {
    platform::ProcessStart nothing;
    nothing.arguments = {(std::filesystem::temp_directory_path() / "no-such-program").string()};
    CHECK_THROWS_AS(Process{nothing}, std::system_error);
    const Shell shell;
    auto start = shell.start("exit 0");
    start.directory = std::filesystem::temp_directory_path() / "no-such-folder";
    CHECK_THROWS_AS(Process{start}, std::system_error);
}

TEST_CASE("what is given up ends with everything it started") {
    const Shell shell;
    const TemporaryDirectory folder;
    const auto mark = folder.path() / "mark";
    // The inner one would write after two seconds.
    const auto script = shell.windows ? "cmd /d /c \"ping -n 3 127.0.0.1 >nul & echo x> mark\""
                                      : "sh -c 'sleep 2; echo x > mark' & echo on; wait";
    auto start = shell.start(script);
    start.directory = folder.path();
    {
        Process process(start);
        process.read(std::chrono::milliseconds(500));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));
    CHECK_FALSE(std::filesystem::exists(mark));
}

TEST_CASE("a program is found in absolute folders of PATH only") {
    const Shell shell;
    const std::string name = shell.windows ? "cmd" : "sh";
    const std::string separator = shell.windows ? ";" : ":";
    const auto folder = shell.program.parent_path().string();
    CHECK(platform::find_program(name, "nowhere" + separator + folder) == shell.program);
    CHECK(platform::find_program(name, "." + separator + "bin").empty());
    CHECK(platform::find_program(name, "").empty());
    CHECK(platform::find_program("no-such-program", folder).empty());
}
