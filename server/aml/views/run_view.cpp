#include "views/run_view.hpp"

#include "runs/run_status.hpp"
#include "runs/sweep_text.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace aml::views {

std::uint64_t first_revision(async::Clock::TimePoint now) {
    const auto since_1970 = now.time_since_epoch();
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
    return static_cast<std::uint64_t>(std::max<std::int64_t>(time, 0));
}

std::vector<NamedText> facts_of(const runs::RunSnapshot& run) {
    std::vector<NamedText> facts;
    const auto add = [&facts](std::string name, std::string text) {
        if (!text.empty()) facts.push_back({std::move(name), std::move(text)});
    };
    add(localize("Compute"), run.place());
    if (run.sweep) {
        const auto& sweep = *run.sweep;
        add(localize("Primary metric"),
            sweep.minimizes ? localize("{} (minimize)", sweep.metric)
                            : localize("{} (maximize)", sweep.metric));
        if (!sweep.best_trial.empty() && !sweep.score.empty()) {
            add(localize("Best trial"),
                fmt::format("{} · {} {}",
                            runs::number_of_trial(sweep.best_trial),
                            sweep.metric,
                            runs::score_text(sweep)));
        }
    }
    add(localize("Submitted by"), run.created_by);
    add(localize("Submitted"), runs::time_text(run.created_at));
    add(localize("Ended"), runs::time_text(run.ended_at));
    return facts;
}

}  // namespace aml::views
