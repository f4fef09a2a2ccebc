#include "submit/code_registration.hpp"

#include "async/all.hpp"
#include "azure/blobs.hpp"
#include "azure/codes.hpp"
#include "submit/code_snapshot.hpp"
#include "submit/snapshot_upload.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

namespace aml::submit {
namespace {

constexpr auto code_version = "1";
// Below it lie the files of a snapshot. Not the folder's own name: the official client sends that
// one unescaped, so what Azure makes of an escaped one is anybody's guess.
constexpr std::string_view code_folder = "code";
constexpr std::uint64_t large_snapshot = 100'000'000;

/// The official SDK marks a finished upload on its first file.
asio::awaitable<void> mark_complete(SubmitContext& context,
                                    std::string name,
                                    azure::BlobAddress first_file,
                                    std::stop_token stop) {
    std::map<std::string, std::string> metadata;
    metadata["name"] = std::move(name);
    metadata["version"] = code_version;
    metadata["upload_status"] = "completed";
    co_await azure::blobs::set_metadata(
        context.client, std::move(first_file), std::move(metadata), std::move(stop));
}

asio::awaitable<azure::CodeVersion> upload(SubmitContext& context,
                                           CodeSnapshot snapshot,
                                           std::string name,
                                           azure::PendingUpload pending,
                                           std::stop_token stop) {
    co_await upload_snapshot(context.client,
                             context.state.pool(),
                             snapshot.listing,
                             pending.container,
                             std::string(code_folder),
                             context.reporter,
                             stop);
    const auto& files = snapshot.listing->files;
    const auto first =
        std::min_element(files.begin(), files.end(), [](const auto& left, const auto& right) {
            return left.path < right.path;
        });
    const auto marked =
        azure::blobs::address(pending.container, fmt::format("{}/{}", code_folder, first->path));
    azure::CodeSpec spec;
    spec.code_uri = fmt::format("{}/{}", pending.blob_uri, code_folder);
    spec.hash = snapshot.hash;
    auto registration = [&](std::stop_token token) {
        return azure::codes::create_or_update(
            context.client, context.workspace, name, code_version, spec, std::move(token));
    };
    auto mark = [&](std::stop_token token) {
        return mark_complete(context, name, marked, std::move(token));
    };
    // Side by side: the mark must not cost a round trip of its own.
    auto done = co_await async::all(std::move(stop), registration, mark);
    co_return std::get<0>(std::move(done));
}

}  // namespace

asio::awaitable<RegisteredCode> register_code(SubmitContext& context,
                                              std::filesystem::path folder,
                                              std::filesystem::path script,
                                              std::stop_token stop) {
    context.reporter->enter(SubmitStage::Snapshot, localize("Reading the code"));
    SnapshotSource source{folder, context.reviewed(folder)};
    auto snapshot = co_await take_snapshot(
        context.state, std::move(source), std::move(script), context.reporter, stop);
    const auto& listing = *snapshot.listing;
    context.notes.insert(context.notes.end(), listing.notes.begin(), listing.notes.end());
    RegisteredCode code;
    code.hash = snapshot.hash;
    if (auto known = context.known.find(KnownKind::Code, snapshot.hash)) {
        code.id = std::move(*known);
        code.reused = true;
        co_return code;
    }
    const auto name = context.random.uuid();
    const auto found = co_await azure::codes::find_by_hash(
        context.client, context.workspace, name, snapshot.hash, stop);
    if (found) {
        code.id = found->id.to_string();
        code.reused = true;
    } else {
        if (listing.bytes > large_snapshot) {
            context.notes.push_back(
                localize("The code folder has {}. Data that rarely changes is better kept in a "
                         "datastore, or listed in .amlignore.",
                         human_size(listing.bytes)));
        }
        // Each one makes a container: not before it is known that one is needed.
        auto pending = co_await azure::codes::start_pending_upload(
            context.client, context.workspace, name, code_version, stop);
        auto uploaded =
            co_await upload(context, snapshot, name, std::move(pending), std::move(stop));
        code.id = uploaded.id.to_string();
    }
    context.known.note(KnownKind::Code, snapshot.hash, code.id);
    co_await context.known.save();
    co_return code;
}

}  // namespace aml::submit
