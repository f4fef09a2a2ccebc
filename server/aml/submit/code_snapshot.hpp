#pragma once

#include "async/asio.hpp"
#include "snapshot/listing.hpp"
#include "submit/submit_reporter.hpp"
#include "workspace/saved_state.hpp"

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

namespace aml::submit {

/// The files of a folder and their hash.
struct CodeSnapshot {
    // Shared by the uploads in flight.
    std::shared_ptr<const snapshot::Listing> listing;
    /// Content hash v202208.
    std::string hash;
};

/// What a snapshot is taken of.
struct SnapshotSource {
    /// A folder, or one file of data.
    std::filesystem::path path{};
    /// Its files, where they are known; null: it is walked.
    std::shared_ptr<const snapshot::Listing> listing{};
};

/// Walks and hashes a folder on the pool of `state`. A folder whose files all have the times they
/// had when it was hashed last is not read again. `script` may be empty. Throws: as
/// `snapshot::list_files` and `snapshot::content_hash`; Rejected when `script` lies in the folder
/// and its ignore file leaves it out.
asio::awaitable<CodeSnapshot> take_snapshot(workspace::SavedState& state,
                                            SnapshotSource source,
                                            std::filesystem::path script,
                                            std::shared_ptr<SubmitReporter> reporter,
                                            std::stop_token stop);

/// The files of a folder or one file of data, and their hash, in the same way.
asio::awaitable<CodeSnapshot> take_data_snapshot(workspace::SavedState& state,
                                                 SnapshotSource source,
                                                 std::shared_ptr<SubmitReporter> reporter,
                                                 std::stop_token stop);

}  // namespace aml::submit
