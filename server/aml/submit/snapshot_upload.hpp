#pragma once

#include "async/asio.hpp"
#include "azure/blob_address.hpp"
#include "azure/client.hpp"
#include "snapshot/listing.hpp"
#include "submit/submit_reporter.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::submit {

/// One request of an upload: a whole file, or a block of one.
struct UploadPart {
    std::size_t file = 0;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    /// Number of the block; meaningless for whole files.
    std::uint32_t block = 0;
};

/// How a snapshot is cut into requests.
struct UploadPlan {
    /// In the order in which they are sent: what is small first.
    std::vector<UploadPart> parts;
    /// Blocks per file; 0 for files that go as a whole.
    std::vector<std::uint32_t> blocks;

    /// Files above this go in blocks of this size (larger ones when 50,000 would not do).
    static constexpr std::uint64_t block_size = 8 * 1024 * 1024;
    /// Bytes under way at once, however many requests they are.
    static constexpr std::uint64_t most_bytes = 3 * block_size;
};

UploadPlan plan_upload(const snapshot::Listing& listing);

/// The id of a block: equally long for all blocks of a blob.
std::string block_id(std::uint32_t block);

/// Uploads every file of `listing` to `{container}/{folder}/{path}` and reports bytes and files.
/// Nobody else writes other content there: a blob that exists is taken for what it should be. Reads
/// on `pool`; as many requests are under way as `UploadPace` says, but never more than
/// `UploadPlan::most_bytes`, however large the snapshot is. The first failure stops the rest.
/// Throws: Rejected when a file has changed since the listing (names it), Unavailable, Forbidden,
/// Cancelled. Source: Put Blob, Put Block, Put Block List, 2021-08-06.
asio::awaitable<void> upload_snapshot(azure::Client& client,
                                      asio::thread_pool& pool,
                                      std::shared_ptr<const snapshot::Listing> listing,
                                      azure::BlobAddress container,
                                      std::string folder,
                                      std::shared_ptr<SubmitReporter> reporter,
                                      std::stop_token stop);

}  // namespace aml::submit
