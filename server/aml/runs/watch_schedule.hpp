#pragma once

#include "support/random.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace aml::runs {

/// When to ask about one run next. No I/O: fed with what happened, it says how long to wait.
/// First after 2 s, growing by half to 30 s, or more where many runs are followed; each wait varied
/// by ±20 %; what the service asks for (`Retry-After`) wins.
class WatchSchedule final {
public:
    static constexpr std::chrono::milliseconds shortest{2'000};
    static constexpr std::chrono::milliseconds longest{30'000};
    /// While somebody looks at the log of a run.
    static constexpr std::chrono::milliseconds longest_viewed{5'000};
    /// A service that asks for more than this is asked again nevertheless.
    static constexpr std::chrono::milliseconds longest_asked{10 * 60'000};

    /// The run was added or changed: start again at the shortest wait, idle or not.
    void restart();
    /// An answer without change.
    void unchanged();
    /// An attempt failed; `retry_after` is what the service asked for.
    void failed(std::optional<std::chrono::milliseconds> retry_after);

    /// Lengthens the longest wait where it takes many calls to ask about all runs that are followed
    /// beside this one, so that six calls a minute do while nothing changes.
    void set_calls(std::size_t calls);

    /// Caps the waits while somebody looks.
    void set_viewed(bool viewed) { viewed_ = viewed; }

    /// The run is not known to go on (lost, paused): poll slowly.
    void set_idle(bool idle) { idle_ = idle; }

    /// The wait before the next attempt; varied by `random`, except one that the service asked for.
    std::chrono::milliseconds next_wait(Random& random) const;

private:
    void grow();

    std::chrono::milliseconds interval_ = shortest;
    std::optional<std::chrono::milliseconds> asked_;
    std::chrono::milliseconds longest_ = longest;
    bool viewed_ = false;
    bool idle_ = false;
};

}  // namespace aml::runs
