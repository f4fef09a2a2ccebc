#pragma once

#include "wizard/wizard_draft.hpp"
#include "wizard/wizard_step.hpp"

namespace aml::wizard {

/// Offers the workspace that the folder is bound to, or another. Next with
/// `draft.another_workspace` set when the user wants another; otherwise the workspace exists and
/// can be used. `tools` and `draft` must outlive the call.
asio::awaitable<StepEnd> confirm_workspace(WizardTools& tools,
                                           WizardDraft& draft,
                                           StepPlace place,
                                           std::stop_token stop);

/// Lets the user choose a subscription. Lifetimes as above.
asio::awaitable<StepEnd> choose_subscription(WizardTools& tools,
                                             WizardDraft& draft,
                                             StepPlace place,
                                             std::stop_token stop);

/// Lets the user choose a workspace of `draft.subscription_id` and starts asking what it holds.
/// Lifetimes as above.
asio::awaitable<StepEnd> choose_workspace(WizardTools& tools,
                                          WizardDraft& draft,
                                          StepPlace place,
                                          std::stop_token stop);

/// Uses a workspace that needs no asking. Throws: NotFound, Forbidden, Rejected when it cannot run
/// experiments.
asio::awaitable<void> use_workspace(WizardTools& tools,
                                    WizardDraft& draft,
                                    azure::ResourceId workspace,
                                    std::stop_token stop);

/// Asks for subscription and workspace, with Back between them, and nothing else. Nothing when the
/// user gave up. Lifetimes as above.
asio::awaitable<std::optional<azure::ResourceId>> ask_for_workspace(WizardTools& tools,
                                                                    WizardDraft& draft,
                                                                    std::stop_token stop);

}  // namespace aml::wizard
