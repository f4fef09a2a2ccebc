#pragma once

#include "azure/resource_id.hpp"
#include "features/account_feature.hpp"
#include "features/commands_feature.hpp"
#include "features/progress_feature.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"
#include "features/workspace_feature.hpp"
#include "submit/data_registration.hpp"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::features {

/// `azureml.data.create`: a data asset of a file or folder of this computer, the one that the
/// command is used on or else a folder that is asked for.
class DataFeature final {
public:
    DataFeature(Services& services,
                AccountFeature& account,
                UiFeature& ui,
                ProgressFeature& progress,
                WorkspaceFeature& workspaces);

    void bind(CommandsFeature& commands);

private:
    asio::awaitable<protocol::Json> create(CommandCall call);
    /// Nothing when the user gave up.
    asio::awaitable<std::optional<std::filesystem::path>> path_of(const CommandCall& call);
    asio::awaitable<std::optional<std::string>> ask_name(const std::filesystem::path& path,
                                                         std::stop_token stop);
    /// Has the tree list the data assets again, and says so with a button that leads there.
    asio::awaitable<void> announce(azure::ResourceId workspace, submit::RegisteredData data);

    Services& services_;
    AccountFeature& account_;
    UiFeature& ui_;
    ProgressFeature& progress_;
    WorkspaceFeature& workspaces_;
};

}  // namespace aml::features
