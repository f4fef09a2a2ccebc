#pragma once

#include "core/json.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace aml::emulator {

/// What early termination looks at of a trial.
struct TrialProgress {
    std::string id;
    /// Its values of the primary metric in the order of logging, the larger the better.
    std::vector<double> values;
    bool is_running = false;
    /// How many of the values have been looked at already.
    std::size_t judged = 0;
};

/// The trials that a policy (`earlyTermination` of a job, or null) ends now; raises `judged` of
/// those it has looked at. Every value of the primary metric is one interval. Source:
/// learn.microsoft.com, "Hyperparameter tuning a model (v2)", early termination.
std::vector<std::string> ended_early(const json& policy, std::vector<TrialProgress>& trials);

}  // namespace aml::emulator
