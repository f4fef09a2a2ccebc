#include "runs/watch_schedule.hpp"

#include <algorithm>

namespace aml::runs {

void WatchSchedule::restart() {
    interval_ = shortest;
    asked_.reset();
    idle_ = false;
}

void WatchSchedule::unchanged() {
    asked_.reset();
    grow();
}

void WatchSchedule::failed(std::optional<std::chrono::milliseconds> retry_after) {
    asked_ = retry_after;
    grow();
}

void WatchSchedule::set_calls(std::size_t calls) {
    constexpr std::chrono::seconds for_each_call{10};
    const std::chrono::milliseconds for_all = for_each_call * static_cast<std::int64_t>(calls);
    longest_ = std::max(longest, for_all);
}

void WatchSchedule::grow() {
    interval_ = std::min(interval_ + interval_ / 2, longest_);
}

std::chrono::milliseconds WatchSchedule::next_wait(Random& random) const {
    if (asked_) return std::min(*asked_, longest_asked);
    auto wait = idle_ ? longest_ : std::min(interval_, longest_);
    if (viewed_) wait = std::min(wait, longest_viewed);
    const auto varied = static_cast<double>(wait.count()) * random.between(0.8, 1.2);
    return std::chrono::milliseconds(static_cast<std::int64_t>(varied));
}

}  // namespace aml::runs
