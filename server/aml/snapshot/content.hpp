#pragma once

#include "snapshot/listing.hpp"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

namespace aml::snapshot {

/// Called after every chunk with the totals so far, on the thread that reads.
using OnRead = std::function<void(std::uint64_t files, std::uint64_t bytes)>;

/// The content hash v202208 of Azure ML, lower-case hex. Reads every file once, a chunk at a time.
/// Blocking. Throws: Rejected when a file is no longer what the listing says or changes while it is
/// read (names it), Unavailable when one cannot be read, Cancelled.  Source: azure-ai-ml,
/// _utils/_asset_utils.py, hash version 202208.
std::string content_hash(const Listing& listing, const OnRead& on_read, std::stop_token stop);

/// Bytes [offset, offset + length) of a file of the listing. Blocking. Throws as `content_hash`.
std::string read_part(const Listing& listing,
                      const File& file,
                      std::uint64_t offset,
                      std::uint64_t length);

}  // namespace aml::snapshot
