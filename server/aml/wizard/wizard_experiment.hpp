#pragma once

#include "wizard/wizard_draft.hpp"
#include "wizard/wizard_step.hpp"

namespace aml::wizard {

/// Lets the user choose an experiment of the workspace, newest first, or type the name of a new
/// one. Azure creates the experiment with its first run. `tools` and `draft` must outlive the call.
asio::awaitable<StepEnd> choose_experiment(WizardTools& tools,
                                           WizardDraft& draft,
                                           StepPlace place,
                                           std::stop_token stop);

}  // namespace aml::wizard
