#pragma once

#include "runs/run_snapshot.hpp"
#include "runs/usual_durations.hpp"
#include "views/run_view.hpp"

#include <vector>

namespace aml::views {

/// What the run has gone through and still will, in order.
std::vector<Stage> stages_of(const runs::RunSnapshot& run, const runs::UsualDurations& usual);

}  // namespace aml::views
