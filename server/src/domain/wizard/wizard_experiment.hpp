#pragma once

#include "domain/wizard/wizard_draft.hpp"
#include "domain/wizard/wizard_step.hpp"

namespace aml::domain {

/// Lets the user choose an experiment of the workspace, newest first, or type the name of a new
/// one. Azure creates the experiment with its first run. `tools` and `draft` must outlive the call.
asio::awaitable<StepEnd> choose_experiment(WizardTools& tools,
                                           WizardDraft& draft,
                                           StepPlace place,
                                           std::stop_token stop);

}  // namespace aml::domain
