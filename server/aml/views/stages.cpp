#include "views/stages.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"

#include <utility>

namespace aml::views {
namespace {

StageState ended_state(const runs::RunSnapshot& run) {
    return run.status == "Completed" ? StageState::Done : StageState::Failed;
}

}  // namespace

std::vector<Stage> stages_of(const runs::RunSnapshot& run, const runs::UsualDurations& usual) {
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
