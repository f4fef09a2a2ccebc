#pragma once

#include "async/asio.hpp"

#include <chrono>

namespace aml::test {

/// Lets the loop work until `condition` holds, for what another process or thread makes true and no
/// event of the loop tells. False after a minute, which only a hang takes.
template <typename Condition>
[[nodiscard]] bool wait_until(asio::io_context& loop, Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        loop.restart();
        loop.run_for(std::chrono::milliseconds(5));
    }
    return true;
}

}  // namespace aml::test
