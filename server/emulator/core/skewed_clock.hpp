#pragma once

#include "async/clock.hpp"

#include <chrono>
#include <stop_token>

namespace aml::emulator {

/// A clock that is wrong by a fixed time: how a service seems to a machine whose own clock is off.
class SkewedClock final : public async::Clock {
public:
    /// Keeps `inner` by reference.
    SkewedClock(async::Clock& inner, std::chrono::milliseconds skew)
        : inner_(inner),
          skew_(skew) {}

    TimePoint now() const override { return inner_.now() + skew_; }

    asio::awaitable<void> sleep_until(TimePoint time, std::stop_token stop) override {
        return inner_.sleep_until(time - skew_, std::move(stop));
    }

private:
    async::Clock& inner_;
    std::chrono::milliseconds skew_;
};

}  // namespace aml::emulator
