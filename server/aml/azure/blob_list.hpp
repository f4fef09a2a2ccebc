#pragma once

#include "azure/blobs.hpp"
#include "azure/page_reader.hpp"

#include <string>
#include <string_view>

/// The list operation's XML; for blobs.cpp and its tests.
namespace aml::azure {

/// What one answer of List Blobs holds.
struct BlobListing {
    std::vector<BlobItem> items{};
    /// Empty on the last page.
    std::string next_marker{};
};

/// Reads `EnumerationResults`, with or without a byte order mark; directory markers are left out.
/// Throws: AzureFailed when it is something else.
BlobListing parse_blob_list(std::string_view xml);

/// One page from `marker` on; `trail` is the way there.
asio::awaitable<Page<BlobItem>> list_from(Client& client,
                                          BlobAddress container,
                                          std::string prefix,
                                          std::string marker,
                                          PageTrail trail,
                                          std::stop_token stop);

}  // namespace aml::azure
