#pragma once

#include "arm/job_problems.hpp"

namespace aml::emulator {

/// Checks `searchSpace` of a sweep job: every hyperparameter is `["kind", [arguments]]`, with
/// arguments that values can be drawn with, by the algorithm (`samplingAlgorithm`). Source:
/// SweepJob, 2025-12-01, and learn.microsoft.com, "Hyperparameter tuning a model (v2)".
json check_search_space(const json& space, const json& algorithm, JobProblems& problems);

json check_sampling(const json& algorithm, JobProblems& problems);
json check_objective(const json& objective, JobProblems& problems);
json check_early_termination(const json& policy, JobProblems& problems);
json check_sweep_limits(const json& limits, JobProblems& problems);

}  // namespace aml::emulator
