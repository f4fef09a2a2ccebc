#include "async/clock.hpp"
#include "async/event.hpp"
#include "async/run_blocking.hpp"
#include "async/single_flight.hpp"
#include "async/task_group.hpp"
#include "support/error_of.hpp"
#include "support/fake_clock.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

using namespace aml;
using test::run;

namespace {

ErrorKind kind_of(asio::io_context& loop, asio::awaitable<void> task) {
    return test::error_of([&] { run(loop, std::move(task)); }).kind();
}

asio::awaitable<void> stop_soon(std::stop_source stop) {
    stop.request_stop();
    co_return;
}

asio::awaitable<int> slow_answer(async::Event& gate, int& calls) {
    ++calls;
    co_await gate.wait();
    co_return 42;
}

}  // namespace

TEST_CASE("a stopped sleep ends at once as Cancelled") {
    asio::io_context loop(1);
    const auto clock = async::system_clock();
    std::stop_source stop;
    async::TaskGroup group(loop.get_executor(), nullptr);
    group.spawn(stop_soon(stop));
    CHECK(kind_of(loop, clock->sleep_for(std::chrono::hours(1), stop.get_token())) ==
          ErrorKind::Cancelled);
}

TEST_CASE("blocking work returns its value to the loop and passes its exception on") {
    asio::io_context loop(1);
    asio::thread_pool pool(1);
    auto text = run(loop, async::run_blocking(pool, [] { return std::string("done"); }));
    CHECK(text == "done");
    auto fail = [] { throw Error(ErrorKind::NotFound, "gone"); };
    CHECK(kind_of(loop, async::run_blocking(pool, fail)) == ErrorKind::NotFound);
}

TEST_CASE("callers of a running single flight share its result") {
    asio::io_context loop(1);
    async::TaskGroup group(loop.get_executor(), nullptr);
    async::SingleFlight<int> flight(group);
    async::Event gate(loop.get_executor());
    int calls = 0;
    std::vector<int> results;
    auto start = [&](std::stop_token) { return slow_answer(gate, calls); };
    auto ask = [&]() -> asio::awaitable<void> {
        results.push_back(co_await flight.run(start, {}));
    };
    async::TaskGroup callers(loop.get_executor(), nullptr);
    callers.spawn(ask());
    callers.spawn(ask());
    loop.poll();
    gate.set();
    run(loop, callers.join());
    CHECK(calls == 1);
    CHECK(results == std::vector<int>{42, 42});
    callers.spawn(ask());
    run(loop, callers.join());
    CHECK(calls == 2);
}

TEST_CASE("parallel steps respect the limit and the first failure stops the rest") {
    asio::io_context loop(1);
    std::size_t running = 0;
    std::size_t most = 0;
    std::size_t started = 0;
    test::FakeClock clock(test::FakeClock::Mode::Jump);
    auto step = [&](std::size_t index, std::stop_token stop) -> asio::awaitable<void> {
        ++started;
        most = std::max(most, ++running);
        co_await clock.sleep_for(std::chrono::milliseconds(1), stop);
        --running;
        if (index == 4) throw Error(ErrorKind::Rejected, "step 4");
    };
    CHECK(kind_of(loop, async::for_each_parallel(100, 3, step, {})) == ErrorKind::Rejected);
    CHECK(most == 3);
    CHECK(started < 10);
}

TEST_CASE("a task group reports failures and joins when all tasks have ended") {
    asio::io_context loop(1);
    std::string reported;
    async::TaskGroup group(loop.get_executor(),
                           [&](std::exception_ptr error) { reported = describe(error); });
    auto fail = []() -> asio::awaitable<void> {
        throw std::runtime_error("broken");
        co_return;
    };
    group.spawn(fail());
    run(loop, group.join());
    CHECK(reported == "broken");
    CHECK(group.size() == 0);
}
