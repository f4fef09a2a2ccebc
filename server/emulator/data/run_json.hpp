#pragma once

#include "blob/blob_service.hpp"
#include "core/context.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// A run's artifacts in the workspace's storage.
class RunArtifacts final {
public:
    explicit RunArtifacts(BlobService& blobs)
        : blobs_(blobs) {}

    /// The blob of an artifact path such as `outputs/model.pkl`.
    static BlobKey key(const Workspace& workspace, std::string_view run_id, std::string_view path);
    /// The path of a blob below the run.
    static std::string path(const Blob& blob, std::string_view run_id);
    /// In the order of their paths; those whose path starts with `prefix` and is greater than
    /// `after`.
    std::vector<Blob> list(const Workspace& workspace,
                           std::string_view run_id,
                           std::string_view prefix,
                           std::string_view after,
                           std::size_t limit);
    /// Paths of log files with fresh read addresses; empty until the first log exists.
    json log_files(const Workspace& workspace, std::string_view run_id, std::string_view base_url);

    BlobService& blobs() { return blobs_; }

private:
    BlobService& blobs_;
};

/// `Run` as `GET /runs/{id}` returns it, but for `uniqueChildRunComputeTargets`. Source:
/// `run-history-v1.0.json`.
json run_json(const Workspace& workspace, const Run& run, std::string_view base_url);

/// `RunDetails` without its log files.
json run_details_json(const Workspace& workspace, const Run& run);

/// `runDefinition` of a job, as much as clients look at.
json run_definition_json(const Run& run);

/// Asset id of a run's input or output:
/// `azureml://locations/…/data/azureml_{run}_{direction}_data_{name}/versions/1`.
std::string data_asset_id(const Workspace& workspace,
                          std::string_view run_id,
                          std::string_view direction,
                          std::string_view name);

}  // namespace aml::emulator
