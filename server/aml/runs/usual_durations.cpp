#include "runs/usual_durations.hpp"

#include <algorithm>
#include <utility>

namespace aml::runs {
namespace {

using std::chrono::milliseconds;

void add_duration(std::vector<milliseconds>& durations,
                  const std::optional<async::Clock::TimePoint>& from,
                  const std::optional<async::Clock::TimePoint>& to) {
    if (from && to && *from <= *to)
        durations.push_back(std::chrono::duration_cast<milliseconds>(*to - *from));
}

std::optional<milliseconds> median(std::vector<milliseconds> durations) {
    if (durations.empty()) return std::nullopt;
    const auto middle = durations.begin() + static_cast<std::ptrdiff_t>(durations.size() / 2);
    std::nth_element(durations.begin(), middle, durations.end());
    return *middle;
}

}  // namespace

UsualDurations usual_durations(const std::vector<RunSnapshot>& earlier, const RunSnapshot& of) {
    std::vector<milliseconds> waiting;
    std::vector<milliseconds> running;
    for (const auto& run : earlier) {
        const bool is_itself = !of.job.empty() && run.job == of.job;
        const bool is_alike = run.parent.empty() == of.parent.empty() && !is_itself;
        if (run.status != "Completed" || !is_alike) continue;
        add_duration(waiting, run.created_at, run.started_at);
        add_duration(running, run.started_at, run.ended_at);
    }
    return {.waiting = median(std::move(waiting)), .running = median(std::move(running))};
}

}  // namespace aml::runs
