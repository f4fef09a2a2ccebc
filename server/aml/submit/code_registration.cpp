#include "submit/code_registration.hpp"

#include "async/all.hpp"
#include "azure/blobs.hpp"
#include "azure/codes.hpp"
#include "http/url.hpp"
#include "submit/code_snapshot.hpp"
#include "submit/snapshot_upload.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

namespace aml::submit {
namespace {

constexpr auto code_version = "1";
constexpr std::uint64_t large_snapshot = 100'000'000;

/// Where to upload, or why that cannot be told; the latter matters only where nothing is there yet.
using UploadTarget = std::variant<azure::PendingUpload, std::exception_ptr>;

asio::awaitable<UploadTarget> prepare_upload(SubmitContext& context,
                                             std::string name,
                                             std::stop_token stop) {
    UploadTarget target;
    try {
        target = co_await azure::codes::start_pending_upload(
            context.client, context.workspace, std::move(name), code_version, std::move(stop));
    } catch (...) {
        target = std::current_exception();
    }
    co_return target;
}

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
    const auto folder = snapshot.listing->folder_name();
    co_await upload_snapshot(context.client,
                             context.state.pool(),
                             snapshot.listing,
                             pending.container,
                             folder,
                             context.reporter,
                             stop);
    const auto& files = snapshot.listing->files;
    const auto first =
        std::min_element(files.begin(), files.end(), [](const auto& left, const auto& right) {
            return left.path < right.path;
        });
    const auto marked = azure::blobs::address(pending.container, folder + "/" + first->path);
    azure::CodeSpec spec;
    spec.code_uri = fmt::format("{}/{}", pending.blob_uri, http::percent_encode(folder));
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
    // Both in one round trip, as one of them will be needed.
    auto by_hash = [&](std::stop_token token) {
        return azure::codes::find_by_hash(
            context.client, context.workspace, name, snapshot.hash, std::move(token));
    };
    auto preparation = [&](std::stop_token token) {
        return prepare_upload(context, name, std::move(token));
    };
    auto looked_up = co_await async::all(stop, by_hash, preparation);
    auto& [found, target] = looked_up;
    if (found) {
        code.id = found->id.to_string();
        code.reused = true;
    } else {
        if (auto* error = std::get_if<std::exception_ptr>(&target)) std::rethrow_exception(*error);
        if (listing.bytes > large_snapshot) {
            context.notes.push_back(
                localize("The code folder has {}. Data that rarely changes is better kept in a "
                         "datastore, or listed in .amlignore.",
                         human_size(listing.bytes)));
        }
        auto uploaded = co_await upload(context,
                                        snapshot,
                                        name,
                                        std::move(std::get<azure::PendingUpload>(target)),
                                        std::move(stop));
        code.id = uploaded.id.to_string();
    }
    context.known.note(KnownKind::Code, snapshot.hash, code.id);
    co_await context.known.save();
    co_return code;
}

}  // namespace aml::submit
