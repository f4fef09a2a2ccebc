#include "runs/watch_schedule.hpp"

#include "support/seeded_random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace aml;
using runs::WatchSchedule;
using namespace std::chrono_literals;

namespace {

/// Draws only the ends of the range or its middle.
class FixedRandom final : public Random {
public:
    explicit FixedRandom(std::uint64_t value)
        : value_(value) {}

    std::uint64_t next() override { return value_; }

private:
    std::uint64_t value_;
};

}  // namespace

TEST_CASE("waits grow by half from two to thirty seconds") {
    FixedRandom middle(1ULL << 63U);
    WatchSchedule schedule;
    std::vector<std::int64_t> waits;
    for (int i = 0; i < 9; ++i) {
        waits.push_back(schedule.next_wait(middle).count());
        schedule.unchanged();
    }
    CHECK(waits ==
          std::vector<std::int64_t>{2000, 3000, 4500, 6750, 10125, 15187, 22780, 30000, 30000});
    schedule.restart();
    CHECK(schedule.next_wait(middle) == 2000ms);
}

TEST_CASE("every wait is varied by up to a fifth") {
    FixedRandom low(0);
    FixedRandom high(~0ULL);
    const WatchSchedule schedule;
    CHECK(schedule.next_wait(low) == 1600ms);
    CHECK(schedule.next_wait(high) >= 2399ms);
    CHECK(schedule.next_wait(high) <= 2400ms);
}

TEST_CASE("what the service asks for wins, up to ten minutes, and only once") {
    FixedRandom middle(1ULL << 63U);
    WatchSchedule schedule;
    schedule.failed(17s);
    CHECK(schedule.next_wait(middle) == 17s);
    schedule.failed(std::nullopt);
    CHECK(schedule.next_wait(middle) == 4500ms);
    schedule.failed(24h);
    CHECK(schedule.next_wait(middle) == 10min);
    schedule.unchanged();
    CHECK(schedule.next_wait(middle) == 10125ms);
}

TEST_CASE("somebody who looks shortens the waits, having nothing to wait for makes them long") {
    FixedRandom middle(1ULL << 63U);
    WatchSchedule schedule;
    schedule.set_idle(true);
    CHECK(schedule.next_wait(middle) == 30s);
    schedule.set_viewed(true);
    CHECK(schedule.next_wait(middle) == 5s);
    schedule.set_idle(false);
    CHECK(schedule.next_wait(middle) == 2s);
}

TEST_CASE("a change ends the long wait of an idle run") {
    FixedRandom middle(1ULL << 63U);
    WatchSchedule schedule;
    schedule.set_idle(true);
    schedule.restart();
    CHECK(schedule.next_wait(middle) == 2s);
}

TEST_CASE("where many runs are followed, what does not change is asked about less often") {
    FixedRandom middle(1ULL << 63U);
    WatchSchedule schedule;
    const auto settled = [&] {
        for (int i = 0; i < 20; ++i) schedule.unchanged();
        return schedule.next_wait(middle);
    };
    schedule.set_calls(3);
    CHECK(settled() == 30s);
    schedule.set_calls(10);
    CHECK(settled() == 100s);
    schedule.set_calls(1);
    CHECK(schedule.next_wait(middle) == 30s);
    schedule.set_calls(10);
    schedule.restart();
    CHECK(schedule.next_wait(middle) == 2s);
    schedule.set_viewed(true);
    CHECK(settled() == 5s);
}
