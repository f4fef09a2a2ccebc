#include "cli/program.hpp"

#include "async/run_blocking.hpp"
#include "cli/invocation.hpp"
#include "platform/environment.hpp"
#include "support/child.hpp"
#include "support/temporary_directory.hpp"
#include "support/variables.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdio>
#include <future>
#include <string>

using namespace aml;
using namespace aml::cli;

namespace {

/// What the work below asks its own process to end with.
int asked_by = 0;

/// Work on the pool that asks no stop token.
asio::awaitable<ExitCode> ask_to_end(Invocation& invocation, std::stop_token) {
    auto work = [] {
        std::raise(asked_by);
        std::promise<void> never;
        never.get_future().wait();
    };
    co_await async::run_blocking(invocation.state.pool(), std::move(work));
    co_return ExitCode::Completed;
}

const Command asking_to_end{.name = "asking", .handler = AzureHandler(ask_to_end)};

const test::ChildWork being_asked(
    "run a command that is asked to end", [](const test::ChildWork::Arguments& arguments) {
        test::set_variable("XDG_STATE_HOME", arguments.at(0));
        asked_by = std::stoi(arguments.at(1));
        Terminal terminal(TerminalOptions{.out = std::tmpfile(), .error = std::tmpfile()});
        const TypedCommand typed{&asking_to_end, CommandLine("aml asking", {}, {}), ""};
        return static_cast<int>(Program(typed, terminal, "0").run());
    });

}  // namespace

TEST_CASE("every signal that asks to end does so, whatever the command is busy with") {
    const test::TemporaryDirectory state;
    for (const int signal : platform::stop_signals()) {
        CAPTURE(signal);
        test::Child child(being_asked, {state.path().string(), std::to_string(signal)});
        CHECK(child.wait() == static_cast<int>(ExitCode::Interrupted));
    }
}
