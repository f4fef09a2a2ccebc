#pragma once

#include "wizard/wizard_draft.hpp"
#include "wizard/wizard_step.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::wizard {

/// What there is to try and to compare by, read from the script and from `job`, the text of the run
/// configuration; that is empty where there is none yet. Blocking. Throws: Rejected for a
/// configuration that is a sweep already, and when nothing can be tried.
SweepDraft begin_sweep(const std::optional<std::filesystem::path>& script,
                       const std::filesystem::path& configuration,
                       std::string job);

/// Which hyperparameters are tried.
asio::awaitable<StepEnd> choose_parameters(ui::Prompter& prompter,
                                           SweepDraft& draft,
                                           StepPlace place,
                                           std::stop_token stop);
/// The search space of the parameter that was chosen as number `index`, as a text.
asio::awaitable<StepEnd> type_space(ui::Prompter& prompter,
                                    SweepDraft& draft,
                                    std::size_t index,
                                    StepPlace place,
                                    std::stop_token stop);
/// The metric that trials are compared by.
asio::awaitable<StepEnd> choose_metric(ui::Prompter& prompter,
                                       SweepDraft& draft,
                                       StepPlace place,
                                       std::stop_token stop);
asio::awaitable<StepEnd> choose_goal(ui::Prompter& prompter,
                                     SweepDraft& draft,
                                     StepPlace place,
                                     std::stop_token stop);
/// How many trials there are at most.
asio::awaitable<StepEnd> type_trials(ui::Prompter& prompter,
                                     SweepDraft& draft,
                                     StepPlace place,
                                     std::stop_token stop);
/// How many of them run at a time.
asio::awaitable<StepEnd> type_at_once(ui::Prompter& prompter,
                                      SweepDraft& draft,
                                      StepPlace place,
                                      std::stop_token stop);

/// The text of the sweep's run configuration; `job` is what it is a sweep of.
std::string sweep_text(const SweepDraft& draft, std::string job);

}  // namespace aml::wizard
