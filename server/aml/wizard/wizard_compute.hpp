#pragma once

#include "wizard/wizard_draft.hpp"
#include "wizard/wizard_step.hpp"

namespace aml::wizard {

/// Lets the user choose a compute of the workspace, serverless compute, or create a cluster.
/// `tools` and `draft` must outlive the call.
asio::awaitable<StepEnd> choose_compute(WizardTools& tools,
                                        WizardDraft& draft,
                                        StepPlace place,
                                        std::stop_token stop);

/// Finds out whether `draft.compute` has GPUs; leaves it at "no" where the lists cannot be read.
/// Lifetimes as above.
asio::awaitable<void> look_up_gpu(WizardTools& tools, WizardDraft& draft, std::stop_token stop);

}  // namespace aml::wizard
