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

/// Of the runs that were completed and are, as `of` is, a part of another run or none: a trial says
/// nothing about its sweep. `of` itself does not count.
UsualDurations usual_durations(const std::vector<RunSnapshot>& earlier, const RunSnapshot& of = {});

}  // namespace aml::runs
