#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "async/event.hpp"
#include "support/error.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

namespace aml::test {

/// 2026-01-01T00:00:00Z.
inline async::Clock::TimePoint new_year() {
    return async::Clock::TimePoint(std::chrono::seconds(1'767'225'600));
}

/// A clock that stands still. Manual: sleepers wake when `advance` reaches them. Jump: a sleep
/// moves the clock to its end and returns after one turn of the loop, so that retries and polls
/// cost no time.
class FakeClock final : public async::Clock {
public:
    enum class Mode { Manual, Jump };

    explicit FakeClock(Mode mode = Mode::Manual, TimePoint start = new_year())
        : mode_(mode),
          now_(start) {}

    TimePoint now() const override { return now_; }

    asio::awaitable<void> sleep_until(TimePoint time, std::stop_token stop) override {
        sleeps_.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(time - now_));
        if (stop.stop_requested()) throw cancelled();
        if (mode_ == Mode::Jump) {
            now_ = std::max(now_, time);
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
            if (stop.stop_requested()) throw cancelled();
            co_return;
        }
        if (time <= now_) co_return;
        auto sleeper = std::make_shared<Sleeper>(time, co_await asio::this_coro::executor);
        sleepers_.push_back(sleeper);
        try {
            co_await sleeper->wake.wait(std::move(stop));
        } catch (...) {
            std::erase(sleepers_, sleeper);
            throw;
        }
        std::erase(sleepers_, sleeper);
    }

    /// Moves time on and wakes whoever is due; they run when the loop does.
    void advance(std::chrono::milliseconds duration) {
        now_ += duration;
        for (const auto& sleeper : sleepers_) {
            if (sleeper->time <= now_) sleeper->wake.set();
        }
    }

    /// Lengths of all sleeps so far, in order.
    const std::vector<std::chrono::milliseconds>& sleeps() const { return sleeps_; }

    /// How many are asleep (Manual).
    std::size_t sleepers() const { return sleepers_.size(); }

private:
    struct Sleeper {
        Sleeper(TimePoint end, asio::any_io_executor executor)
            : time(end),
              wake(std::move(executor)) {}

        TimePoint time;
        async::Event wake;
    };

    Mode mode_;
    TimePoint now_;
    std::vector<std::chrono::milliseconds> sleeps_;
    std::vector<std::shared_ptr<Sleeper>> sleepers_;
};

}  // namespace aml::test
