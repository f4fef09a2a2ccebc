#include "blob/blob_store.hpp"

#include "async/run_blocking.hpp"
#include "blob/content_writer.hpp"
#include "core/time.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace aml::emulator {

namespace {

constexpr auto tables = R"sql(
CREATE TABLE blob_containers(account TEXT NOT NULL, name TEXT NOT NULL, etag TEXT NOT NULL, modified INTEGER NOT NULL,
    PRIMARY KEY(account, name)) WITHOUT ROWID;
CREATE TABLE blobs(account TEXT NOT NULL, container TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
    content TEXT NOT NULL, size INTEGER NOT NULL, md5 TEXT NOT NULL, content_type TEXT NOT NULL, etag TEXT NOT NULL,
    created INTEGER NOT NULL, modified INTEGER NOT NULL, metadata TEXT NOT NULL, blocks TEXT NOT NULL,
    PRIMARY KEY(account, container, name)) WITHOUT ROWID;
CREATE TABLE blob_staged(sequence INTEGER PRIMARY KEY, account TEXT NOT NULL, container TEXT NOT NULL,
    name TEXT NOT NULL, id TEXT NOT NULL, content TEXT NOT NULL, size INTEGER NOT NULL,
    UNIQUE(account, container, name, id));
)sql";

constexpr auto columns =
    "name, type, content, size, md5, content_type, etag, created, modified, metadata, blocks";
constexpr std::string_view content_folder = "blobs";
// Time in which a reader that was promised the old content of a blob has opened it.
constexpr std::chrono::seconds discard_delay{30};

std::string text(std::string_view view) {
    return std::string(view);
}

// Greater than every name that starts with `prefix`: no UTF-8 text holds this byte.
std::string after_all(std::string_view prefix) {
    return text(prefix) + "\xFF";
}

}  // namespace

struct BlobStore::Pending {
    Blob blob;
    bool replace = true;
    bool stored = false;
};

// Puts that become durable together, and their waiters.
struct BlobStore::Batch {
    explicit Batch(asio::any_io_executor executor)
        : done(std::move(executor)) {}

    std::vector<Pending> puts;
    async::Event done;
    std::exception_ptr error;
};

BlobStore::BlobStore(Context& context)
    : context_(context) {
    context_.store.migrate("blob", {tables});
    std::filesystem::create_directories(context_.state / content_folder);
    sweep();
}

bool BlobStore::create_container(std::string_view account, std::string_view container) {
    return context_.store.execute(
               "INSERT OR IGNORE INTO blob_containers VALUES(?, ?, ?, ?)",
               {text(account), text(container), next_etag(), to_millis(context_.clock.now())}) > 0;
}

std::optional<Container> BlobStore::find_container(std::string_view account,
                                                   std::string_view container) {
    std::optional<Container> found;
    context_.store.query(
        "SELECT name, etag, modified FROM blob_containers WHERE account = ? AND name = ?",
        {text(account), text(container)},
        [&](const Row& row) {
            found = Container{row.text(0), row.text(1), from_millis(row.integer(2))};
        });
    return found;
}

std::vector<Container> BlobStore::list_containers(std::string_view account,
                                                  std::string_view prefix) {
    std::vector<Container> found;
    context_.store.query(
        "SELECT name, etag, modified FROM blob_containers WHERE account = ? AND name >= ? AND name "
        "< ? ORDER BY name",
        {text(account), text(prefix), after_all(prefix)},
        [&](const Row& row) {
            found.push_back({row.text(0), row.text(1), from_millis(row.integer(2))});
        });
    return found;
}

bool BlobStore::remove_container(std::string_view account, std::string_view container) {
    const std::vector<Value> key{text(account), text(container)};
    std::vector<std::string> contents;
    const auto collect = [&](const Row& row) { contents.push_back(row.text(0)); };
    context_.store.query(
        "SELECT content FROM blobs WHERE account = ? AND container = ?", key, collect);
    context_.store.query(
        "SELECT content FROM blob_staged WHERE account = ? AND container = ?", key, collect);
    Transaction transaction(context_.store);
    context_.store.execute("DELETE FROM blobs WHERE account = ? AND container = ?", key);
    context_.store.execute("DELETE FROM blob_staged WHERE account = ? AND container = ?", key);
    const auto removed =
        context_.store.execute("DELETE FROM blob_containers WHERE account = ? AND name = ?", key);
    transaction.commit();
    for (const auto& content : contents) discard(content);
    return removed > 0;
}

void BlobStore::remove_account(std::string_view account) {
    for (const auto& container : list_containers(account, ""))
        remove_container(account, container.name);
}

Blob BlobStore::read(const Row& row, std::string_view account, std::string_view container) const {
    Blob blob;
    blob.key = {text(account), text(container), row.text(0)};
    blob.type = row.text(1);
    blob.content = row.text(2);
    blob.size = static_cast<std::uint64_t>(row.integer(3));
    blob.content_md5 = row.text(4);
    blob.content_type = row.text(5);
    blob.etag = row.text(6);
    blob.created = from_millis(row.integer(7));
    blob.modified = from_millis(row.integer(8));
    blob.metadata = json::parse(row.text(9));
    blob.blocks = json::parse(row.text(10));
    if (blob.type == "AppendBlob") {
        std::error_code missing;
        const auto size = std::filesystem::file_size(path_of(blob.content), missing);
        blob.size = missing ? 0 : size;
        blob.etag.insert(blob.etag.size() - 1, fmt::format("{:X}", blob.size));
    }
    return blob;
}

std::optional<Blob> BlobStore::find(const BlobKey& key) {
    std::optional<Blob> found;
    static const auto sql = fmt::format(
        "SELECT {} FROM blobs WHERE account = ? AND container = ? AND name = ?", columns);
    context_.store.query(sql, {key.account, key.container, key.name}, [&](const Row& row) {
        found = read(row, key.account, key.container);
    });
    return found;
}

std::vector<Blob> BlobStore::list(std::string_view account,
                                  std::string_view container,
                                  std::string_view prefix,
                                  std::string_view after,
                                  std::size_t limit) {
    std::vector<Blob> found;
    static const auto sql = fmt::format(
        "SELECT {} FROM blobs WHERE account = ? AND container = ? AND name >= ? AND name < ? AND "
        "name > ? "
        "ORDER BY name LIMIT ?",
        columns);
    context_.store.query(sql,
                         {text(account),
                          text(container),
                          text(prefix),
                          after_all(prefix),
                          text(after),
                          static_cast<std::int64_t>(limit)},
                         [&](const Row& row) { found.push_back(read(row, account, container)); });
    return found;
}

// No name below a folder is greater than its last possible character.
std::string FolderEntry::marker() const {
    return blob ? name : name + "\xF4\x8F\xBF\xBF";
}

std::vector<FolderEntry> BlobStore::list_folder(std::string_view account,
                                                std::string_view container,
                                                std::string_view prefix,
                                                std::string_view delimiter,
                                                std::string after,
                                                std::size_t limit) {
    std::vector<FolderEntry> entries;
    // Behind one folder often comes the next: rows are asked for in growing numbers, so that not
    // many are read for nothing.
    for (std::size_t step = 1; entries.size() < limit; step *= 2) {
        auto blobs =
            list(account, container, prefix, after, std::min(step, limit - entries.size()));
        if (blobs.empty()) break;
        for (auto& blob : blobs) {
            const auto end = delimiter.empty() ? std::string::npos
                                               : blob.key.name.find(delimiter, prefix.size());
            const bool folded = end != std::string::npos;
            auto name = folded ? blob.key.name.substr(0, end + delimiter.size()) : blob.key.name;
            entries.push_back(
                {std::move(name), folded ? std::nullopt : std::optional(std::move(blob))});
            after = entries.back().marker();
            // What else lies below the folder is skipped by asking again behind it.
            if (folded) {
                step = 1;
                break;
            }
        }
    }
    return entries;
}

std::string BlobStore::new_content() {
    const auto id = context_.random.uuid();
    const auto folder = fmt::format("{}/{}", content_folder, id.substr(0, 2));
    std::filesystem::create_directories(context_.state / folder);
    return folder + "/" + id;
}

std::filesystem::path BlobStore::path_of(std::string_view content) const {
    return context_.state / content;
}

asio::awaitable<std::optional<Blob>> BlobStore::put(Blob blob, bool replace) {
    const auto executor = co_await asio::this_coro::executor;
    const bool first = !batch_;
    if (first) batch_ = std::make_shared<Batch>(executor);
    const auto batch = batch_;
    const auto index = batch->puts.size();
    batch->puts.push_back({std::move(blob), replace});
    if (first) {
        co_await flush(batch);
    } else {
        co_await batch->done.wait();
    }
    if (batch->error) std::rethrow_exception(batch->error);
    auto& pending = batch->puts[index];
    if (!pending.stored) co_return std::nullopt;
    co_return std::move(pending.blob);
}

// One batch at a time: whoever comes while it is made durable joins the next one.
asio::awaitable<void> BlobStore::flush(std::shared_ptr<Batch> batch) {
    const auto before = flushing_;
    if (before) co_await before->done.wait();
    flushing_ = batch;
    batch_.reset();
    std::vector<std::filesystem::path> contents;
    for (const auto& pending : batch->puts) contents.push_back(path_of(pending.blob.content));
    auto work = [contents = std::move(contents)] { sync_files(contents); };
    try {
        co_await async::run_blocking(context_.pool, std::move(work));
        commit(*batch);
    } catch (...) {
        batch->error = std::current_exception();
        for (const auto& pending : batch->puts) discard(pending.blob.content);
    }
    if (flushing_ == batch) flushing_.reset();
    batch->done.set();
}

void BlobStore::commit(Batch& batch) {
    std::vector<std::string> unused;
    Transaction transaction(context_.store);
    for (auto& pending : batch.puts) pending.stored = write(pending.blob, pending.replace, unused);
    transaction.commit();
    for (const auto& content : unused) discard(content);
}

bool BlobStore::write(Blob& blob, bool replace, std::vector<std::string>& unused) {
    const auto old = find(blob.key);
    if (old && !replace) {
        unused.push_back(blob.content);
        return false;
    }
    if (old && old->content != blob.content) unused.push_back(old->content);
    blob.etag = next_etag();
    blob.modified = context_.clock.now();
    blob.created = old ? old->created : blob.modified;
    context_.store.execute(
        "INSERT OR REPLACE INTO blobs VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {blob.key.account,
         blob.key.container,
         blob.key.name,
         blob.type,
         blob.content,
         static_cast<std::int64_t>(blob.size),
         blob.content_md5,
         blob.content_type,
         blob.etag,
         to_millis(blob.created),
         to_millis(blob.modified),
         blob.metadata.dump(),
         blob.blocks.dump()});
    for (const auto& block : staged(blob.key)) unused.push_back(block.content);
    forget_staged(blob.key);
    return true;
}

void BlobStore::put_all(std::vector<Blob> blobs) {
    std::vector<std::string> unused;
    Transaction transaction(context_.store);
    for (auto& blob : blobs) write(blob, true, unused);
    transaction.commit();
    for (const auto& left : unused) discard(left);
}

void BlobStore::put_growing(const BlobKey& key,
                            const std::string& content,
                            const std::string& content_type) {
    const auto old = find(key);
    if (old && old->content == content) return;
    std::vector<std::string> unused;
    Transaction transaction(context_.store);
    Blob blob;
    blob.key = key;
    blob.type = "AppendBlob";
    blob.content = content;
    blob.content_type = content_type;
    write(blob, true, unused);
    transaction.commit();
    for (const auto& left : unused) discard(left);
}

void BlobStore::set_metadata(const BlobKey& key, const nlohmann::json& metadata) {
    context_.store.execute(
        "UPDATE blobs SET metadata = ?, etag = ?, modified = ? WHERE account = ? AND container = ? "
        "AND name = ?",
        {metadata.dump(),
         next_etag(),
         to_millis(context_.clock.now()),
         key.account,
         key.container,
         key.name});
}

void BlobStore::touch(const BlobKey& key) {
    context_.store.execute(
        "UPDATE blobs SET modified = ? WHERE account = ? AND container = ? AND name = ?",
        {to_millis(context_.clock.now()), key.account, key.container, key.name});
}

bool BlobStore::remove(const BlobKey& key) {
    const auto old = find(key);
    if (!old) return false;
    std::vector<std::string> unused{old->content};
    for (const auto& block : staged(key)) unused.push_back(block.content);
    Transaction transaction(context_.store);
    context_.store.execute("DELETE FROM blobs WHERE account = ? AND container = ? AND name = ?",
                           {key.account, key.container, key.name});
    forget_staged(key);
    transaction.commit();
    for (const auto& content : unused) discard(content);
    return true;
}

void BlobStore::stage(const BlobKey& key, const StagedBlock& block) {
    for (const auto& old : staged(key)) {
        if (old.id == block.id) discard(old.content);
    }
    context_.store.execute(
        "INSERT OR REPLACE INTO blob_staged(account, container, name, id, content, size) VALUES(?, "
        "?, ?, ?, ?, ?)",
        {key.account,
         key.container,
         key.name,
         block.id,
         block.content,
         static_cast<std::int64_t>(block.size)});
}

std::vector<StagedBlock> BlobStore::staged(const BlobKey& key) {
    std::vector<StagedBlock> blocks;
    context_.store.query(
        "SELECT id, content, size FROM blob_staged WHERE account = ? AND container = ? AND name = "
        "? "
        "ORDER BY sequence",
        {key.account, key.container, key.name},
        [&](const Row& row) {
            blocks.push_back(
                {row.text(0), row.text(1), static_cast<std::uint64_t>(row.integer(2))});
        });
    return blocks;
}

void BlobStore::forget_staged(const BlobKey& key) {
    context_.store.execute(
        "DELETE FROM blob_staged WHERE account = ? AND container = ? AND name = ?",
        {key.account, key.container, key.name});
}

// Logs of jobs lie in the job's folder and leave with it.
void BlobStore::discard(const std::string& content) {
    if (content.starts_with(content_folder)) {
        context_.tasks.spawn(remove_later(path_of(content)));
    }
}

asio::awaitable<void> BlobStore::remove_later(std::filesystem::path path) {
    co_await context_.clock.sleep_for(discard_delay, context_.tasks.stop_token());
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
}

void BlobStore::sweep() {
    std::set<std::string> known;
    const auto collect = [&](const Row& row) { known.insert(row.text(0)); };
    context_.store.query("SELECT content FROM blobs", {}, collect);
    context_.store.query("SELECT content FROM blob_staged", {}, collect);
    std::vector<std::filesystem::path> orphans;
    const auto root = context_.state / content_folder;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        const auto content = entry.path().lexically_relative(context_.state).generic_string();
        if (entry.is_regular_file() && !known.contains(content)) orphans.push_back(entry.path());
    }
    for (const auto& orphan : orphans) std::filesystem::remove(orphan);
}

// Rises with time, like the service's own: hundreds of nanoseconds, in hexadecimal.
std::string BlobStore::next_etag() {
    const auto ticks = static_cast<std::uint64_t>(to_millis(context_.clock.now())) * 10'000;
    last_etag_ = std::max(last_etag_ + 1, ticks);
    return fmt::format("\"0x8D{:X}\"", last_etag_);
}

}  // namespace aml::emulator
