#include "views/stages.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <utility>

namespace aml::views {
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

StageState ended_state(const runs::RunSnapshot& run) {
    return run.status == "Completed" ? StageState::Done : StageState::Failed;
}

}  // namespace

UsualDurations usual_durations(const std::vector<runs::RunSnapshot>& earlier) {
    std::vector<milliseconds> waiting;
    std::vector<milliseconds> running;
    for (const auto& run : earlier) {
        if (run.status != "Completed") continue;
        add_duration(waiting, run.created_at, run.started_at);
        add_duration(running, run.started_at, run.ended_at);
    }
    return {.waiting = median(std::move(waiting)), .running = median(std::move(running))};
}

std::vector<Stage> stages_of(const runs::RunSnapshot& run, const UsualDurations& usual) {
    Stage waiting{.name = localize("Waiting and preparing"), .usual = usual.waiting};
    Stage running{.name = localize("Running"), .usual = usual.running};
    Stage collecting{.name = localize("Collecting outputs")};
    waiting.started_at = run.created_at;
    const bool over = run.is_final();
    // A run that never started ended while it waited.
    if (!run.started_at) {
        waiting.state = over ? ended_state(run) : StageState::Active;
        if (over) waiting.ended_at = run.ended_at;
        if (!over) waiting.text = run.queueing_message;
        return {std::move(waiting), std::move(running)};
    }
    waiting.state = StageState::Done;
    waiting.ended_at = run.started_at;
    running.started_at = run.started_at;
    running.ended_at = run.ended_at;
    const bool is_collecting = !over && same_name(run.status, "Finalizing");
    if (over) {
        running.state = ended_state(run);
    } else {
        running.state = is_collecting ? StageState::Done : StageState::Active;
    }
    if (!is_collecting) return {std::move(waiting), std::move(running)};
    collecting.state = StageState::Active;
    return {std::move(waiting), std::move(running), std::move(collecting)};
}

}  // namespace aml::views
