#pragma once

#include "runs/run_snapshot.hpp"
#include "views/run_view.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace aml::views {

/// How long the stages took for earlier runs: the median of each.
struct UsualDurations {
    std::optional<std::chrono::milliseconds> waiting{};
    std::optional<std::chrono::milliseconds> running{};
};

/// Of the runs that were completed.
UsualDurations usual_durations(const std::vector<runs::RunSnapshot>& earlier);

/// What the run has gone through and still will, in order.
std::vector<Stage> stages_of(const runs::RunSnapshot& run, const UsualDurations& usual);

}  // namespace aml::views
