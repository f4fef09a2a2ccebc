#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"

#include <chrono>
#include <functional>
#include <stop_token>

namespace aml::emulator {

/// How it is told whether anybody uses the emulator.
struct Usage {
    /// When the newest request came; the clock's epoch before the first.
    std::function<async::Clock::TimePoint()> last_request;
    /// Whether a job is unfinished.
    std::function<bool()> is_busy;
};

/// Returns when nobody has asked for anything for `limit` and nothing is unfinished. `clock` must
/// outlive it. Throws: Cancelled.
asio::awaitable<void> until_idle(Usage usage,
                                 async::Clock& clock,
                                 std::chrono::minutes limit,
                                 std::stop_token stop);

}  // namespace aml::emulator
