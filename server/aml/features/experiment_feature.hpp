#pragma once

#include "features/account_feature.hpp"
#include "features/commands_feature.hpp"
#include "features/documents_feature.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"
#include "features/workspace_feature.hpp"
#include "tree/tree_node.hpp"
#include "wizard/wizard.hpp"

#include <optional>
#include <stop_token>
#include <string>

namespace aml::features {

/// The commands that ask: `azureml.runAsExperiment` (the wizard, for a script), `azureml.newRun`
/// (the same from a row of the tree, whose workspace and experiment are taken), `azureml.sweep`
/// (for a script or a run configuration) and `azureml.createCompute`.
class ExperimentFeature final {
public:
    ExperimentFeature(Services& services,
                      AccountFeature& account,
                      UiFeature& ui,
                      WorkspaceFeature& workspaces,
                      DocumentsFeature& documents);

    void bind(CommandsFeature& commands);

    /// Runs the wizard for a script and opens the run configuration; its URI, or null when the user
    /// gave up. Throws: as `wizard::ExperimentWizard::run`; Conflict when the wizard is open
    /// already.
    asio::awaitable<protocol::Json> run_as_experiment(std::string script_uri, std::stop_token stop);

private:
    asio::awaitable<protocol::Json> run_command(CommandCall call);
    asio::awaitable<std::optional<wizard::WizardRequest>> request_of(const CommandCall& call);
    asio::awaitable<protocol::Json> sweep(CommandCall call);
    asio::awaitable<protocol::Json> run_wizard(wizard::WizardRequest request, std::stop_token stop);
    asio::awaitable<protocol::Json> create_compute(CommandCall call);
    asio::awaitable<std::optional<azure::ResourceId>> workspace_of(CommandCall& call);

    Services& services_;
    AccountFeature& account_;
    UiFeature& ui_;
    WorkspaceFeature& workspaces_;
    DocumentsFeature& documents_;
    bool asking_ = false;
};

}  // namespace aml::features
