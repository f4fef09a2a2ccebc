#pragma once

#include "async/asio.hpp"
#include "async/event.hpp"
#include "core/context.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// Where a blob lives. Names are case-sensitive.
struct BlobKey {
    std::string account;
    std::string container;
    std::string name;
};

/// What is known about a blob; its bytes are a file below the state folder.
struct Blob {
    BlobKey key;
    /// `BlockBlob` or `AppendBlob`. The size of an append blob is that of its file.
    std::string type = "BlockBlob";
    /// Path of the content, relative to the state folder.
    std::string content;
    std::uint64_t size = 0;
    /// Base64; "" when unknown (append blobs, block lists).
    std::string content_md5;
    std::string content_type = "application/octet-stream";
    /// With its quotes.
    std::string etag;
    Time created;
    Time modified;
    /// Lower-case names of `x-ms-meta-*` with their values.
    nlohmann::json metadata = nlohmann::json::object();
    /// Committed blocks in order: `[[id, size], …]`; empty for a blob put in one piece.
    nlohmann::json blocks = nlohmann::json::array();
};

/// A block that is staged and not yet committed.
struct StagedBlock {
    std::string id;
    std::string content;
    std::uint64_t size = 0;
};

/// One line of a listing with a delimiter: a blob, or a name ending with the delimiter for all
/// blobs below it.
struct FolderEntry {
    std::string name;
    std::optional<Blob> blob;

    /// What `list_folder` takes to go on after this entry.
    std::string marker() const;
};

struct Container {
    std::string name;
    std::string etag;
    Time modified;
};

/// Containers and blobs of all accounts: an index in the store and one file for each content.
/// A row never points to a file that is not complete and synced, so a kill at any moment leaves the
/// old or the new blob. Files that lost their row are swept at the next start.
class BlobStore final {
public:
    /// Makes the tables and the folder `blobs` and sweeps what a kill left there.
    explicit BlobStore(Context& context);

    /// Returns false when it was there already.
    bool create_container(std::string_view account, std::string_view container);
    std::optional<Container> find_container(std::string_view account, std::string_view container);
    std::vector<Container> list_containers(std::string_view account, std::string_view prefix);
    /// Removes the container with everything in it; false when there was none.
    bool remove_container(std::string_view account, std::string_view container);
    void remove_account(std::string_view account);

    std::optional<Blob> find(const BlobKey& key);
    /// Blobs in the order of their names, those whose name starts with `prefix` and is greater than
    /// `after`.
    std::vector<Blob> list(std::string_view account,
                           std::string_view container,
                           std::string_view prefix,
                           std::string_view after,
                           std::size_t limit);

    /// As `list`, with everything below a delimiter after the prefix folded into one entry; ""
    /// folds nothing.
    std::vector<FolderEntry> list_folder(std::string_view account,
                                         std::string_view container,
                                         std::string_view prefix,
                                         std::string_view delimiter,
                                         std::string after,
                                         std::size_t limit);

    /// A path for new content, relative to the state folder; its folder exists.
    std::string new_content();
    std::filesystem::path path_of(std::string_view content) const;

    /// Syncs the content of `blob`, makes it visible and returns it with its etag and times.
    /// Durable when it returns; puts that come together share their syncs. With `replace` false an
    /// existing blob stays and nothing is returned, the new content being removed.
    asio::awaitable<std::optional<Blob>> put(Blob blob, bool replace);

    /// Makes many blobs visible with one commit; their contents are synced already.
    void put_all(std::vector<Blob> blobs);

    /// An append blob whose bytes some process writes to `content` itself; nothing happens if it
    /// exists with that content already.
    void put_growing(const BlobKey& key,
                     const std::string& content,
                     const std::string& content_type);
    void set_metadata(const BlobKey& key, const nlohmann::json& metadata);
    /// Sets the time of an append blob that has grown.
    void touch(const BlobKey& key);
    bool remove(const BlobKey& key);

    void stage(const BlobKey& key, const StagedBlock& block);
    std::vector<StagedBlock> staged(const BlobKey& key);

private:
    struct Pending;
    struct Batch;

    Blob read(const Row& row, std::string_view account, std::string_view container) const;
    asio::awaitable<void> flush(std::shared_ptr<Batch> batch);
    void commit(Batch& batch);
    bool write(Blob& blob, bool replace, std::vector<std::string>& unused);
    void forget_staged(const BlobKey& key);
    void discard(const std::string& content);
    asio::awaitable<void> remove_later(std::filesystem::path path);
    void sweep();
    std::string next_etag();

    Context& context_;
    // The puts that wait for their turn, and those that are being made durable.
    std::shared_ptr<Batch> batch_;
    std::shared_ptr<Batch> flushing_;
    std::uint64_t last_etag_ = 0;
};

}  // namespace aml::emulator
