#pragma once

#include "features/account_feature.hpp"
#include "features/commands_feature.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"
#include "rpc/router.hpp"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::features {

/// The folders open in the editor and the Azure ML workspace they belong to: `ml/workspace`,
/// `ml/didChangeWorkspace`, `workspace/didChangeWorkspaceFolders`, and the command
/// `azureml.selectWorkspace`.
class WorkspaceFeature final {
public:
    WorkspaceFeature(Services& services, AccountFeature& account, UiFeature& ui);

    void bind(rpc::Router& router, CommandsFeature& commands);

    /// The open folder that `file` lies in, else the file's own folder.
    std::filesystem::path folder_of(const std::filesystem::path& file) const;

    /// The workspace that `file`, or a folder, belongs to. When there is none the user is asked,
    /// and the answer is written beside the file; nothing when they gave up. Throws: Rejected for a
    /// damaged
    /// `.azureml/config.json`; NotSignedIn, Unavailable.
    asio::awaitable<std::optional<azure::ResourceId>> workspace_for(std::filesystem::path file,
                                                                    std::stop_token stop);

    /// The workspace in use, if the first open folder has one.
    asio::awaitable<std::optional<azure::ResourceId>> current();

    /// Binds the first open folder, which there is, to a workspace.
    asio::awaitable<void> use(azure::ResourceId workspace);

    /// Tells the client the workspace in use if it is another one than last time.
    asio::awaitable<void> tell_if_changed();

private:
    asio::awaitable<protocol::CurrentWorkspace> workspace(protocol::NoParams params,
                                                          rpc::RequestContext& context);
    void did_change_folders(protocol::DidChangeWorkspaceFoldersParams params);
    asio::awaitable<protocol::Json> select(CommandCall call);
    asio::awaitable<std::optional<azure::ResourceId>> ask(std::filesystem::path folder,
                                                          std::stop_token stop);
    asio::awaitable<void> bind_folder(std::filesystem::path folder, azure::ResourceId workspace);
    asio::awaitable<protocol::CurrentWorkspace> describe_current();

    Services& services_;
    AccountFeature& account_;
    UiFeature& ui_;
    protocol::CurrentWorkspace reported_;
};

}  // namespace aml::features
