#pragma once

#include "runs/run_snapshot.hpp"

#include <string>
#include <string_view>

/// Sweeps and their trials in words.
namespace aml::runs {

/// The number of a trial among those of its sweep, by the trial's id: "7".
std::string_view number_of_trial(std::string_view id);

/// What sets a trial apart: its number and its hyperparameters, "7: lr 0.01, batch 32".
std::string trial_label(const RunSnapshot& run);

/// A trial by its label, every other run by its title.
std::string name_of(const RunSnapshot& run);

/// The best value so far; empty before there is one.
std::string score_text(const azure::SweepState& sweep);

/// "best accuracy 0.95"; empty before there is one.
std::string best_text(const azure::SweepState& sweep);

/// The same with the trial: "best accuracy 0.95 in trial 7".
std::string best_trial_text(const azure::SweepState& sweep);

}  // namespace aml::runs
