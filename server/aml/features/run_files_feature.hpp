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

/// Saving what Azure has: `azureml.run.download` files of a run or of a version of a model,
/// `azureml.run.restoreCode` the code that was sent with a run. `azureml.file.open` shows a file.
class RunFilesFeature final {
public:
    RunFilesFeature(Services& services, ProgressFeature& progress, UiFeature& ui);

    void bind(CommandsFeature& commands);

    /// Saves the code that was sent with a run where the user says. Gives the folder, or null when
    /// none was chosen. Throws: as `runs::read_code` and `runs::download`.
    asio::awaitable<protocol::Json> restore_code(azure::ResourceId job, std::stop_token stop);

private:
    /// A file to save, and how to find it when its turn comes.
    struct Wanted {
        std::string path;
        std::function<asio::awaitable<azure::BlobAddress>(std::stop_token)> address;
    };

    asio::awaitable<protocol::Json> download(CommandCall call);
    asio::awaitable<protocol::Json> open(CommandCall call);
    /// Saves files below a folder that the user chooses, and says so. Gives the folder, or null
    /// when none was chosen.
    asio::awaitable<protocol::Json> save(std::shared_ptr<AzureSession> session,
                                         std::string title,
                                         std::vector<Wanted> files,
                                         std::stop_token stop);
    asio::awaitable<void> save_all(std::shared_ptr<AzureSession> session,
                                   std::filesystem::path folder,
                                   const std::vector<Wanted>& files,
                                   Progress& progress,
                                   std::stop_token stop);

    Services& services_;
    ProgressFeature& progress_;
    UiFeature& ui_;
};

}  // namespace aml::features
