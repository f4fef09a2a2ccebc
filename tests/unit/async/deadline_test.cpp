#include "async/deadline.hpp"

#include "async/event.hpp"
#include "support/error.hpp"
#include "support/error_of.hpp"
#include "support/fake_clock.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

using namespace aml;
using namespace std::chrono_literals;
using test::run;

namespace {

struct Deadlines {
    asio::io_context loop{1};
    test::FakeClock clock;
    std::stop_source stop;
    bool work_ended = false;

    /// Waits for what never comes.
    asio::awaitable<int> work(std::stop_token token) {
        async::Event never(loop.get_executor());
        try {
            co_await never.wait(std::move(token));
        } catch (const Error&) {
            work_ended = true;
            throw;
        }
        co_return 0;
    }

    auto waiting() {
        return [this](std::stop_token token) { return work(std::move(token)); };
    }
};

}  // namespace

TEST_CASE_FIXTURE(Deadlines, "work that ends in time gives its result and leaves no timer") {
    auto quick = [](std::stop_token) -> asio::awaitable<int> { co_return 42; };
    CHECK(run(loop, async::with_deadline(clock, 5s, quick, std::stop_token())) == 42);
    CHECK(clock.sleepers() == 0);
    auto nothing = [](std::stop_token) -> asio::awaitable<void> { co_return; };
    CHECK(run(loop, async::with_deadline(clock, 5s, nothing, std::stop_token())).has_value());
}

TEST_CASE_FIXTURE(Deadlines, "work whose time is up is stopped, and has ended when that is told") {
    std::optional<int> result = 1;
    async::TaskGroup group(loop.get_executor(), nullptr);
    auto wait = [&]() -> asio::awaitable<void> {
        result = co_await async::with_deadline(clock, 5s, waiting(), std::stop_token());
    };
    group.spawn(wait());
    loop.poll();
    clock.advance(4999ms);
    loop.restart();
    loop.poll();
    CHECK_FALSE(work_ended);
    clock.advance(1ms);
    run(loop, group.join());
    CHECK(work_ended);
    CHECK_FALSE(result);
}

TEST_CASE_FIXTURE(Deadlines, "the caller's stop is no deadline") {
    stop.request_stop();
    const auto error = test::error_of(
        [&] { run(loop, async::with_deadline(clock, 5s, waiting(), stop.get_token())); });
    CHECK(error.kind() == ErrorKind::Cancelled);
    CHECK(work_ended);
    CHECK(clock.sleepers() == 0);
}

TEST_CASE_FIXTURE(Deadlines, "a failure in time is told as it is") {
    auto failing = [](std::stop_token) -> asio::awaitable<int> {
        throw Error(ErrorKind::Rejected, "no");
        co_return 0;
    };
    const auto error = test::error_of(
        [&] { run(loop, async::with_deadline(clock, 5s, failing, std::stop_token())); });
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(clock.sleepers() == 0);
}
