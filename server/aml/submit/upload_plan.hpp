#pragma once

#include "snapshot/listing.hpp"

#include <cstddef>
#include <cstdint>
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

/// How a snapshot is cut into requests so that a bounded amount of memory is in flight.
struct UploadPlan {
    /// Whole files of at most `small_limit`: many at a time, for latency.
    std::vector<UploadPart> small;
    /// Everything else: few at a time.
    std::vector<UploadPart> large;
    /// Blocks per file; 0 for files that go as a whole.
    std::vector<std::uint32_t> blocks;

    static constexpr std::uint64_t small_limit = 512 * 1024;
    static constexpr std::size_t small_at_once = 16;
    /// Files above this go in blocks of this size (larger ones when 50,000 would not do).
    static constexpr std::uint64_t block_size = 8 * 1024 * 1024;
    static constexpr std::size_t large_at_once = 3;
};

UploadPlan plan_upload(const snapshot::Listing& listing);

/// The id of a block: equally long for all blocks of a blob.
std::string block_id(std::uint32_t block);

}  // namespace aml::submit
