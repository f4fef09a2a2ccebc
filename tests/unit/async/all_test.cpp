#include "async/all.hpp"

#include "async/event.hpp"
#include "support/error.hpp"
#include "support/error_of.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace aml;
using test::run;

namespace {

struct World {
    asio::io_context loop{1};
    async::Event gate{loop.get_executor()};
    int stopped = 0;

    /// Goes on until it is stopped.
    asio::awaitable<std::string> wait_for_ever(std::stop_token stop) {
        async::Event never(loop.get_executor());
        try {
            co_await never.wait(std::move(stop));
        } catch (const Error&) {
            ++stopped;
            throw;
        }
        co_return std::string();
    }

    asio::awaitable<std::unique_ptr<int>> number_behind_gate(std::stop_token stop) {
        co_await gate.wait(std::move(stop));
        auto number = std::make_unique<int>(42);
        co_return number;
    }

    asio::awaitable<void> open_gate() {
        gate.set();
        co_return;
    }

    asio::awaitable<void> fail() {
        throw Error(ErrorKind::Rejected, "no");
        co_return;
    }
};

}  // namespace

TEST_CASE_FIXTURE(World, "all gives the result of each, and runs them side by side") {
    auto number = [this](std::stop_token stop) { return number_behind_gate(std::move(stop)); };
    auto opening = [this](std::stop_token) { return open_gate(); };
    auto text = [](std::stop_token) -> asio::awaitable<std::string> { co_return "text"; };
    // The first can only end once the second has run.
    const auto results = run(loop, async::all(std::stop_token(), number, opening, text));
    CHECK(*std::get<0>(results) == 42);
    CHECK(std::get<1>(results) == std::monostate());
    CHECK(std::get<2>(results) == "text");
}

TEST_CASE_FIXTURE(World, "the first failure stops the others, and is told once they have ended") {
    auto waiting = [this](std::stop_token stop) { return wait_for_ever(std::move(stop)); };
    auto failing = [this](std::stop_token) { return fail(); };
    const auto error = test::error_of(
        [&] { run(loop, async::all(std::stop_token(), waiting, waiting, failing)); });
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(stopped == 2);
}

TEST_CASE_FIXTURE(World, "a stop reaches all, also one that came before") {
    std::stop_source stop;
    auto waiting = [this](std::stop_token token) { return wait_for_ever(std::move(token)); };
    auto stopping = [&](std::stop_token) -> asio::awaitable<void> {
        stop.request_stop();
        co_return;
    };
    auto failure = [&] {
        return test::error_of([&] { run(loop, async::all(stop.get_token(), waiting, stopping)); });
    };
    CHECK(failure().kind() == ErrorKind::Cancelled);
    CHECK(stopped == 1);
    CHECK(failure().kind() == ErrorKind::Cancelled);
    CHECK(stopped == 1);
}
