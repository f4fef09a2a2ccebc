#include "submit/code_snapshot.hpp"

#include "async/run_blocking.hpp"
#include "snapshot/content.hpp"
#include "snapshot/normal_form.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace aml::submit {
namespace {

// Folders whose hash is remembered.
constexpr std::size_t max_folders = 100;

struct Walked {
    /// What was walked, as text.
    std::string path;
    std::shared_ptr<const snapshot::Listing> listing;
    std::string fingerprint;
    bool settled = false;
};

void check_script(const snapshot::Listing& listing, const std::filesystem::path& script) {
    if (script.empty()) return;
    const auto relative = snapshot::normal_form_c(
        script.lexically_normal().lexically_relative(listing.root).generic_string());
    if (relative.empty() || relative.rfind("..", 0) == 0) return;
    const bool goes =
        std::any_of(listing.files.begin(), listing.files.end(), [&](const snapshot::File& file) {
            return file.path == relative;
        });
    if (goes) return;
    throw Error(
        ErrorKind::Rejected,
        localize(
            "The script {} would not be uploaded: an ignore file in {} leaves it out. Take it out "
            "of .amlignore (or .gitignore).",
            relative,
            listing.root.string()));
}

Walked walk(const SnapshotSource& source,
            const std::filesystem::path& script,
            const std::stop_token& stop) {
    Walked walked;
    const bool one_file = !source.listing && std::filesystem::is_regular_file(source.path);
    walked.listing = source.listing;
    if (!walked.listing) {
        walked.listing = std::make_shared<const snapshot::Listing>(
            one_file ? snapshot::list_file(source.path) : snapshot::list_files(source.path, stop));
    }
    const auto& listing = *walked.listing;
    walked.path = one_file ? source.path.string() : listing.root.string();
    check_script(listing, script);
    walked.fingerprint = snapshot::fingerprint(listing);
    walked.settled = snapshot::is_settled(listing, listing.seen_ns);
    return walked;
}

std::optional<std::string> remembered_hash(const state::Entries& entries, const Walked& walked) {
    const auto found = entries.find(walked.path);
    if (found == entries.end() || !found->second.is_object()) return std::nullopt;
    const auto& entry = found->second;
    if (entry.value("fingerprint", nlohmann::json()) != walked.fingerprint) return std::nullopt;
    return text_member(entry, "hash");
}

void keep_newest_folders(state::Entries& entries) {
    auto seen = [](const auto& item) {
        const auto& value = item.second;
        return value.is_object() ? value.value("seenNs", nlohmann::json(0)) : nlohmann::json(0);
    };
    while (entries.size() > max_folders) {
        entries.erase(std::min_element(
            entries.begin(), entries.end(), [&](const auto& left, const auto& right) {
                return seen(left) < seen(right);
            }));
    }
}

std::function<void(state::Entries&)> remembering(const Walked& walked, const std::string& hash) {
    nlohmann::json entry{
        {"fingerprint", walked.fingerprint}, {"hash", hash}, {"seenNs", walked.listing->seen_ns}};
    return [path = walked.path, entry = std::move(entry)](state::Entries& entries) {
        entries[path] = entry;
        keep_newest_folders(entries);
    };
}

asio::awaitable<CodeSnapshot> hash_files(workspace::SavedState& state,
                                         SnapshotSource source,
                                         std::filesystem::path script,
                                         std::shared_ptr<SubmitReporter> reporter,
                                         SubmitContent content,
                                         std::stop_token stop) {
    auto walking = [source, script, stop] { return walk(source, script, stop); };
    const auto walked = co_await async::run_blocking(state.pool(), std::move(walking));
    const auto entries = co_await state.recall(workspace::StateFile::Snapshots);
    if (auto hash = remembered_hash(entries, walked)) {
        CodeSnapshot unchanged{walked.listing, std::move(*hash)};
        co_return unchanged;
    }
    auto on_read = reporter->reading(content, walked.listing->files.size(), walked.listing->bytes);
    auto hashing = [listing = walked.listing, on_read = std::move(on_read), stop] {
        return snapshot::content_hash(*listing, on_read, stop);
    };
    auto hash = co_await async::run_blocking(state.pool(), std::move(hashing));
    if (walked.settled) {
        auto change = remembering(walked, hash);
        co_await state.remember(workspace::StateFile::Snapshots, std::move(change));
    }
    CodeSnapshot snapshot{walked.listing, std::move(hash)};
    co_return snapshot;
}

}  // namespace

asio::awaitable<CodeSnapshot> take_snapshot(workspace::SavedState& state,
                                            SnapshotSource source,
                                            std::filesystem::path script,
                                            std::shared_ptr<SubmitReporter> reporter,
                                            std::stop_token stop) {
    auto snapshot = co_await hash_files(state,
                                        std::move(source),
                                        std::move(script),
                                        std::move(reporter),
                                        SubmitContent::Code,
                                        std::move(stop));
    co_return snapshot;
}

asio::awaitable<CodeSnapshot> take_data_snapshot(workspace::SavedState& state,
                                                 SnapshotSource source,
                                                 std::shared_ptr<SubmitReporter> reporter,
                                                 std::stop_token stop) {
    std::filesystem::path no_script;
    auto snapshot = co_await hash_files(state,
                                        std::move(source),
                                        std::move(no_script),
                                        std::move(reporter),
                                        SubmitContent::Data,
                                        std::move(stop));
    co_return snapshot;
}

}  // namespace aml::submit
