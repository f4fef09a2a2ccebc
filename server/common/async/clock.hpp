#pragma once

#include "async/asio.hpp"

#include <chrono>
#include <memory>
#include <stop_token>

namespace aml::async {

/// Time as the server sees it; a seam, so that tests never wait.
class Clock {
public:
    using TimePoint = std::chrono::system_clock::time_point;

    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;
    /// Returns at `time` (at once if it is past). Throws: Cancelled when `stop` fires first.
    virtual asio::awaitable<void> sleep_until(TimePoint time, std::stop_token stop) = 0;

    asio::awaitable<void> sleep_for(std::chrono::milliseconds duration, std::stop_token stop);
};

/// The machine's clock and Asio's timers.
std::unique_ptr<Clock> system_clock();

}  // namespace aml::async
