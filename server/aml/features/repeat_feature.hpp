#pragma once

#include "azure/resource_id.hpp"
#include "features/commands_feature.hpp"
#include "features/comparison_feature.hpp"
#include "features/run_files_feature.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::features {

/// `azureml.run.repeatWithChanges`: the configuration of a run as a document beside the code, to be
/// edited and submitted, with what was changed in it.
class RepeatFeature final {
public:
    RepeatFeature(Services& services,
                  UiFeature& ui,
                  ComparisonFeature& comparisons,
                  RunFilesFeature& files);

    void bind(CommandsFeature& commands);

private:
    asio::awaitable<protocol::Json> repeat(CommandCall call);
    /// The folder whose code the run is repeated with: the one it came from, the one that is open,
    /// or the one that the user chooses; absent when none was chosen.
    asio::awaitable<std::optional<std::filesystem::path>> folder_for(azure::ResourceId job,
                                                                     std::stop_token stop);
    /// The folder of the code that the script was last sent with.
    asio::awaitable<std::filesystem::path> folder_of_script(std::filesystem::path script);
    asio::awaitable<void> warn_of_workspace(azure::ResourceId job, std::filesystem::path document);
    /// Says when the code in the folder is another than the run's, and what can be done about it.
    asio::awaitable<void> tell_of_code(azure::ResourceId job,
                                       std::filesystem::path document,
                                       std::string title);
    asio::awaitable<std::size_t> count_changes(azure::ResourceId job,
                                               std::filesystem::path document,
                                               std::stop_token stop);

    Services& services_;
    UiFeature& ui_;
    ComparisonFeature& comparisons_;
    RunFilesFeature& files_;
};

}  // namespace aml::features
