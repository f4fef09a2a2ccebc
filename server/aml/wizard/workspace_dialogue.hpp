#pragma once

#include "azure/workspaces.hpp"
#include "ui/prompter.hpp"
#include "wizard/wizard_step.hpp"
#include "workspace/catalog.hpp"
#include "workspace/new_workspace.hpp"

#include <stop_token>

namespace aml::wizard {

/// A workspace while the user describes it. Keeps what was typed.
struct WorkspaceDraft {
    /// The subscription is given.
    workspace::NewWorkspace wanted{};
    /// The group does not exist yet.
    bool new_group = false;
    /// Once it is made.
    azure::Workspace made{};
};

/// Asks for name, resource group (one that there is, or a new one) and region, with Back between
/// them, and creates the workspace with progress that can be cancelled. A failure is shown and
/// leads back to the questions with every answer kept. Next once the workspace exists:
/// `draft.made`. `catalog`, `prompter` and `draft` must outlive the call. Throws what the prompter
/// throws, NotSignedIn and Cancelled.
asio::awaitable<StepEnd> create_workspace(workspace::Catalog& catalog,
                                          ui::Prompter& prompter,
                                          WorkspaceDraft& draft,
                                          StepPlace place,
                                          std::stop_token stop);

}  // namespace aml::wizard
