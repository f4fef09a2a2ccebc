#pragma once

#include "runs/run_snapshot.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace aml::runs {

/// How long the stages took for earlier runs: the median of each.
struct UsualDurations {
    std::optional<std::chrono::milliseconds> waiting{};
    std::optional<std::chrono::milliseconds> running{};
};

/// Earlier runs that are looked at for what is usual.
inline constexpr std::size_t earlier_runs = 20;

/// Of the runs that were completed.
UsualDurations usual_durations(const std::vector<RunSnapshot>& earlier);

}  // namespace aml::runs
