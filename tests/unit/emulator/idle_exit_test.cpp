#include "program/idle_exit.hpp"

#include "support/fake_clock.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <vector>

namespace aml::emulator::idle_exit_test {

using namespace std::chrono_literals;

namespace {

struct World {
    asio::io_context loop;
    aml::test::FakeClock clock{aml::test::FakeClock::Mode::Jump};
    async::Clock::TimePoint last_request{};
    int busy_rounds = 0;

    std::chrono::minutes leaves_after(std::chrono::minutes limit) {
        Usage usage{.last_request = [this] { return last_request; },
                    .is_busy = [this] { return busy_rounds-- > 0; }};
        aml::test::run(loop, until_idle(std::move(usage), clock, limit, {}));
        return std::chrono::duration_cast<std::chrono::minutes>(clock.now() -
                                                                aml::test::new_year());
    }
};

}  // namespace

TEST_CASE("an emulator nobody ever asked anything of leaves when the time is over") {
    CHECK(World().leaves_after(15min) == 15min);
}

TEST_CASE("the time counts from the last request") {
    World world;
    world.last_request = aml::test::new_year() + 10min;
    CHECK(world.leaves_after(15min) == 25min);
}

TEST_CASE("unfinished jobs keep it") {
    World world;
    world.busy_rounds = 2;
    CHECK(world.leaves_after(15min) == 45min);
}

}  // namespace aml::emulator::idle_exit_test
