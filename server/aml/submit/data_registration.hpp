#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "azure/client.hpp"
#include "azure/resource_id.hpp"
#include "submit/submit_types.hpp"
#include "support/random.hpp"
#include "workspace/saved_state.hpp"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::submit {

/// A data asset to make of a file or folder of this computer.
struct NewDataAsset {
    std::string name{};
    std::filesystem::path path{};
    std::string description{};
};

/// A version of a data asset that was registered.
struct RegisteredData {
    std::string name{};
    std::string version{};
    /// uri_file or uri_folder.
    std::string type{};

    /// As a run configuration names it: `azureml:name:version`.
    std::string reference() const;
};

struct DataTools {
    azure::Client& client;
    workspace::SavedState& state;
    Random& random;
    async::Clock& clock;
};

/// A name for the data asset that a file or folder becomes; always one that may be used.
std::string proposed_data_name(const std::filesystem::path& path);

/// Uploads a file or folder to the workspace's default datastore, where it is not there yet, and
/// registers it as the next version of a data asset. Ignore files count as for code. Throws:
/// Rejected (a bad name, a folder without files, or Azure refuses it), NotFound (the path or the
/// workspace), Forbidden, Unavailable, Cancelled.
asio::awaitable<RegisteredData> register_data(DataTools tools,
                                              azure::ResourceId workspace,
                                              NewDataAsset asset,
                                              OnSubmitProgress on_progress,
                                              std::stop_token stop);

}  // namespace aml::submit
