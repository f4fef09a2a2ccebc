#pragma once

#include "azure/computes.hpp"
#include "features/account_feature.hpp"
#include "features/commands_feature.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"
#include "features/workspace_feature.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::features {

class AzureSession;

/// The commands that make, change and delete what runs need: `azureml.createWorkspace`,
/// `azureml.deleteWorkspace`, `azureml.compute.start`, `azureml.compute.stop`,
/// `azureml.compute.restart`, `azureml.compute.scale` and `azureml.compute.delete`. They work on a
/// row of the tree, and without one ask for what they work on.
class PlacesFeature final {
public:
    PlacesFeature(Services& services,
                  AccountFeature& account,
                  UiFeature& ui,
                  WorkspaceFeature& workspaces);

    void bind(CommandsFeature& commands);

private:
    /// Which computes a command works on, and what is asked when none was named.
    struct Wanted {
        std::function<bool(const azure::Compute&)> fits;
        std::string title;
        /// Said when there is none.
        std::string none;
    };

    /// What a command does to a compute, told how far it is.
    using Change = std::function<asio::awaitable<void>(
        azure::Client& client, azure::OnOperationProgress on_progress, std::stop_token stop)>;

    asio::awaitable<protocol::Json> create_workspace(CommandCall call);
    asio::awaitable<protocol::Json> delete_workspace(CommandCall call);
    asio::awaitable<protocol::Json> power(CommandCall call, azure::PowerAction action);
    asio::awaitable<protocol::Json> scale(CommandCall call);
    asio::awaitable<protocol::Json> remove_compute(CommandCall call);

    /// The subscription of the row, else the one the user chooses; empty when he gives up.
    asio::awaitable<std::string> subscription_of(CommandCall& call);
    /// Throws: Rejected when no row and no folder says which.
    asio::awaitable<azure::ResourceId> workspace_of(CommandCall& call);
    /// The compute of the row, else the one the user chooses. Throws: Rejected when the row's does
    /// not fit, or none does; NotFound.
    asio::awaitable<std::optional<azure::Compute>> compute_of(CommandCall& call, Wanted wanted);
    /// How the user wants a cluster to scale; nothing when he gave up.
    asio::awaitable<std::optional<azure::ScaleSpec>> ask_scale(const azure::Compute& cluster,
                                                               std::stop_token stop);
    /// Whether the user agrees to nodes that stay on, with what they cost; true when there are
    /// none.
    asio::awaitable<bool> agrees_to_cost(azure::Compute cluster, int nodes, std::stop_token stop);
    /// Runs a change with progress that can be given up; the tree shows what has become of it.
    /// False when the user does not wait any longer: Azure goes on. Throws what the change throws.
    asio::awaitable<bool> change(std::string title,
                                 azure::ResourceId workspace,
                                 Change change,
                                 std::stop_token stop);

    Services& services_;
    AccountFeature& account_;
    UiFeature& ui_;
    WorkspaceFeature& workspaces_;
};

}  // namespace aml::features
