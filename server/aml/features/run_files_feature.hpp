#pragma once

#include "azure/blob_address.hpp"
#include "azure/resource_id.hpp"
#include "features/commands_feature.hpp"
#include "features/progress_feature.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::features {

/// Saving what a run has: `azureml.run.download` its files, `azureml.run.restoreCode` the code that
/// was sent with it.
class RunFilesFeature final {
public:
    RunFilesFeature(Services& services, ProgressFeature& progress, UiFeature& ui);

    void bind(CommandsFeature& commands);

private:
    /// A file to save, and how to find it when its turn comes.
    struct Wanted {
        std::string path;
        std::function<asio::awaitable<azure::BlobAddress>(std::stop_token)> address;
    };

    asio::awaitable<protocol::Json> download(CommandCall call);
    asio::awaitable<protocol::Json> restore_code(CommandCall call);
    /// Saves files below a folder that the user chooses, and says so. Gives the folder, or null
    /// when none was chosen.
    asio::awaitable<protocol::Json> save(std::string title,
                                         std::vector<Wanted> files,
                                         std::stop_token stop);
    asio::awaitable<void> save_all(std::filesystem::path folder,
                                   const std::vector<Wanted>& files,
                                   Progress& progress,
                                   std::stop_token stop);

    Services& services_;
    ProgressFeature& progress_;
    UiFeature& ui_;
};

}  // namespace aml::features
