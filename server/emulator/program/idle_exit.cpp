#include "program/idle_exit.hpp"

#include <algorithm>

namespace aml::emulator {

asio::awaitable<void> until_idle(Usage usage,
                                 async::Clock& clock,
                                 std::chrono::minutes limit,
                                 std::stop_token stop) {
    const auto started = clock.now();
    for (;;) {
        const auto leave_at = std::max(usage.last_request(), started) + limit;
        if (clock.now() < leave_at) {
            co_await clock.sleep_until(leave_at, stop);
        } else if (usage.is_busy()) {
            co_await clock.sleep_for(limit, stop);
        } else {
            co_return;
        }
    }
}

}  // namespace aml::emulator
