#include "cli/program.hpp"

#include "async/run_blocking.hpp"
#include "cli/invocation.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace aml;
using namespace aml::cli;

namespace {

/// The end of a pipe that is written to when the work has begun.
int begun = -1;

/// Work on the pool that asks no stop token.
asio::awaitable<ExitCode> work_without_end(Invocation& invocation, std::stop_token) {
    auto work = [] {
        const char sign = '!';
        if (::write(begun, &sign, 1) != 1) return;
        for (;;) ::pause();
    };
    co_await async::run_blocking(invocation.state.pool(), std::move(work));
    co_return ExitCode::Completed;
}

const Command endless{.name = "endless", .handler = AzureHandler(work_without_end)};

[[noreturn]] void run_endless(const std::filesystem::path& state) {
    // Ends this process with another code should the program not do it.
    ::alarm(20);
    ::setenv("XDG_STATE_HOME", state.c_str(), 1);
    auto* nowhere = std::fopen("/dev/null", "w");
    Terminal terminal(TerminalOptions{.out = nowhere, .error = nowhere});
    const TypedCommand typed{&endless, CommandLine("aml endless", {}, {}), ""};
    const auto code = Program(typed, terminal, "0").run();
    std::_Exit(static_cast<int>(code));
}

}  // namespace

TEST_CASE("a stop signal ends a command whose work does not listen") {
    const test::TemporaryDirectory state;
    for (const int signal : {SIGTERM, SIGINT}) {
        CAPTURE(signal);
        std::array<int, 2> ends{};
        REQUIRE(::pipe(ends.data()) == 0);
        begun = ends[1];
        const auto child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) run_endless(state.path());
        ::close(ends[1]);
        char sign = 0;
        CHECK(::read(ends[0], &sign, 1) == 1);
        ::close(ends[0]);
        ::kill(child, signal);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == static_cast<int>(ExitCode::Interrupted));
    }
}
