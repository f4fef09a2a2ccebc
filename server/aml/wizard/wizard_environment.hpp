#pragma once

#include "runconfig/job.hpp"
#include "wizard/wizard_draft.hpp"
#include "wizard/wizard_step.hpp"

namespace aml::wizard {

/// Lets the user choose what is installed for the run: a template, a conda or requirements file
/// beside the script, or an environment that exists. A file that cannot be read is explained and
/// another choice offered. `tools` and `draft` must outlive the call.
asio::awaitable<StepEnd> choose_environment(WizardTools& tools,
                                            WizardDraft& draft,
                                            StepPlace place,
                                            std::stop_token stop);

/// Uses an environment that needs no asking: a template's id, the name of a conda or requirements
/// file beside the script, or a reference. Throws: Rejected naming what can be given, or what is
/// wrong with the file.
asio::awaitable<void> use_environment(WizardTools& tools,
                                      WizardDraft& draft,
                                      std::string environment);

/// Whether the chosen configuration has packages to confirm.
bool has_packages(const WizardDraft& draft);

/// What was chosen, as the run configuration says it.
runconfig::Environment environment_of(const WizardDraft& draft);

}  // namespace aml::wizard
