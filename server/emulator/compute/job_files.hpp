#pragma once

#include "blob/blob_store.hpp"
#include "compute/job_plan.hpp"
#include "core/context.hpp"

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::emulator {

/// The container of `workspaceartifactstore`.
inline constexpr std::string_view artifact_container = "azureml";

/// `ExperimentRun/dcid.{run}/{path}`, the name of a run's artifact in its container.
std::string artifact_name(std::string_view run_id, std::string_view path);

/// Brings files from the blob store to a job's folders and takes results back.
class JobFiles final {
public:
    JobFiles(Context& context, BlobStore& store)
        : context_(context),
          store_(store) {}

    /// Copies everything below `source` to `target`, or the one blob of that name to the file
    /// `target`. Throws: NotFound when there is nothing; Rejected for a blob whose name leads out
    /// of the folder, or cannot be a file's on this system; Cancelled when `stop` fires first.
    asio::awaitable<void> fetch(StoragePlace source,
                                std::filesystem::path target,
                                std::stop_token stop);

    /// Stores every file below `source` (or the file itself) under `target`, replacing what is
    /// there. Links are followed to files only. Returns how many there were.
    asio::awaitable<std::size_t> keep(std::filesystem::path source,
                                      StoragePlace target,
                                      std::stop_token stop);

    /// Removes everything a deleted run left: its folder and its artifacts.
    asio::awaitable<void> forget(std::filesystem::path root,
                                 std::string account,
                                 std::string run_id);

private:
    Context& context_;
    BlobStore& store_;
};

}  // namespace aml::emulator
