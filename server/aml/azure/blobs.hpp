#pragma once

#include "azure/blob_address.hpp"
#include "azure/client.hpp"
#include "azure/page.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace aml::azure {

/// Facts about a blob.
struct BlobProperties {
    std::uint64_t size = 0;
    std::string etag{};
    /// Without the `x-ms-meta-` prefix, lower case.
    std::map<std::string, std::string> metadata{};
};

/// What a range read brought.
struct BlobRange {
    std::string bytes{};
    /// Size of the whole blob now; less than `offset` when it was replaced by a shorter one (start
    /// again at 0).
    std::uint64_t total = 0;
    /// The blob does not exist (yet).
    bool missing = false;
};

struct BlobItem {
    std::string name{};
    std::uint64_t size = 0;
    /// Lower-case hex; empty where storage keeps none.
    std::string md5{};
};

/// Whether an existing blob is replaced.
enum class Overwrite { No, Yes };

/// What became of a write.
struct BlobWrite {
    /// False: it existed already and was not to be replaced.
    bool created = true;
    /// More than one: storage has refused, or the answer was lost on the way.
    int attempts = 1;
};

/// A folder of a container.
struct BlobFolder {
    BlobAddress container{};
    /// Without a slash at either end.
    std::string folder{};
};

/// Blob storage, by the right inside the address (SAS) or as the signed-in identity.
namespace blobs {

/// The address of a blob in a container: `{container}/{path}?{sas}`, path segments encoded.
BlobAddress address(const BlobAddress& container, std::string_view path);

/// Where `uri` leads, such as a `codeUri`: `https://{account}.blob.{suffix}/{container}/{folder}`;
/// where the host is no such name, as with the emulator, the account comes before the container.
/// Throws: AzureFailed when it names no folder.
BlobFolder folder_in_container(std::string_view uri, std::string subscription);

/// Up to 5000 MiB at once; use blocks from 32 MiB. Throws: Forbidden (SAS expired, or a role or
/// permission is missing), Unavailable.  Source: Put Blob, 2021-08-06.
asio::awaitable<BlobWrite> put_blob(
    Client& client, BlobAddress blob, http::Body body, Overwrite overwrite, std::stop_token stop);
/// `block_id`: any text, the same length for all blocks of the blob; encoded here.  Source: Put
/// Block.
asio::awaitable<BlobWrite> put_block(
    Client& client, BlobAddress blob, std::string block_id, http::Body body, std::stop_token stop);
/// Makes the blob of its blocks, in order.  Source: Put Block List.
asio::awaitable<BlobWrite> put_block_list(Client& client,
                                          BlobAddress blob,
                                          std::vector<std::string> block_ids,
                                          Overwrite overwrite,
                                          std::stop_token stop);
/// Source: Set Blob Metadata.
asio::awaitable<void> set_metadata(Client& client,
                                   BlobAddress blob,
                                   std::map<std::string, std::string> metadata,
                                   std::stop_token stop);
/// Source: Get Blob Properties.
asio::awaitable<std::optional<BlobProperties>> head(Client& client,
                                                    BlobAddress blob,
                                                    std::stop_token stop);
/// Bytes from `offset`, at most `limit`. Nothing new (416) is an empty result with the blob's
/// total. Source: Get Blob with `x-ms-range`.
asio::awaitable<BlobRange> get_range(Client& client,
                                     BlobAddress blob,
                                     std::uint64_t offset,
                                     std::uint64_t limit,
                                     std::stop_token stop);
/// Blobs below a prefix of a container.  Source: List Blobs.
asio::awaitable<Page<BlobItem>> list(Client& client,
                                     BlobAddress container,
                                     std::string prefix,
                                     std::stop_token stop);
}  // namespace blobs

}  // namespace aml::azure
