#include "submit/code_registration.hpp"

#include "async/task_group.hpp"
#include "azure/blobs.hpp"
#include "azure/codes.hpp"
#include "http/url.hpp"
#include "submit/code_snapshot.hpp"
#include "submit/snapshot_upload.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace aml::submit {
namespace {

using ParallelStep = std::function<asio::awaitable<void>(std::size_t, std::stop_token)>;

constexpr auto code_version = "1";
constexpr std::uint64_t large_snapshot = 100'000'000;

/// What the first round trip brings: the content's id, or where to upload it.
struct LookUp {
    std::optional<azure::CodeVersion> found{};
    std::optional<azure::PendingUpload> pending{};
    // Matters only when nothing was found.
    std::exception_ptr pending_error{};
};

asio::awaitable<void> find_code(SubmitContext& context,
                                std::string name,
                                std::string hash,
                                LookUp& result,
                                std::stop_token stop) {
    result.found = co_await azure::codes::find_by_hash(
        context.client, context.workspace, std::move(name), std::move(hash), std::move(stop));
}

asio::awaitable<void> prepare_upload(SubmitContext& context,
                                     std::string name,
                                     LookUp& result,
                                     std::stop_token stop) {
    try {
        result.pending = co_await azure::codes::start_pending_upload(
            context.client, context.workspace, std::move(name), code_version, std::move(stop));
    } catch (...) {
        result.pending_error = std::current_exception();
    }
}

asio::awaitable<LookUp> look_up(SubmitContext& context,
                                std::string name,
                                std::string hash,
                                std::stop_token stop) {
    LookUp result;
    ParallelStep step = [&](std::size_t index, std::stop_token token) {
        return index == 0 ? find_code(context, name, hash, result, std::move(token))
                          : prepare_upload(context, name, result, std::move(token));
    };
    co_await async::for_each_parallel(2, 2, step, std::move(stop));
    if (!result.found && result.pending_error) std::rethrow_exception(result.pending_error);
    co_return result;
}

asio::awaitable<void> put_code(SubmitContext& context,
                               std::string name,
                               azure::CodeSpec spec,
                               std::optional<azure::CodeVersion>& result,
                               std::stop_token stop) {
    result = co_await azure::codes::create_or_update(context.client,
                                                     context.workspace,
                                                     std::move(name),
                                                     code_version,
                                                     std::move(spec),
                                                     std::move(stop));
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
    std::optional<azure::CodeVersion> registered;
    // Side by side: the mark must not cost a round trip of its own.
    ParallelStep step = [&](std::size_t index, std::stop_token token) {
        return index == 0 ? put_code(context, name, spec, registered, std::move(token))
                          : mark_complete(context, name, marked, std::move(token));
    };
    co_await async::for_each_parallel(2, 2, step, std::move(stop));
    co_return std::move(*registered);
}

}  // namespace

asio::awaitable<RegisteredCode> register_code(SubmitContext& context,
                                              std::filesystem::path folder,
                                              std::filesystem::path script,
                                              std::stop_token stop) {
    context.reporter->enter(SubmitStage::Snapshot, localize("Reading the code"));
    auto snapshot = co_await take_snapshot(
        context.state, std::move(folder), std::move(script), context.reporter, stop);
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
    auto looked_up = co_await look_up(context, name, snapshot.hash, stop);
    if (looked_up.found) {
        code.id = looked_up.found->id.to_string();
        code.reused = true;
    } else {
        if (listing.bytes > large_snapshot) {
            context.notes.push_back(
                localize("The code folder has {}. Data that rarely changes is better kept in a "
                         "datastore, or listed in .amlignore.",
                         human_size(listing.bytes)));
        }
        auto uploaded = co_await upload(
            context, snapshot, name, std::move(*looked_up.pending), std::move(stop));
        code.id = uploaded.id.to_string();
    }
    context.known.note(KnownKind::Code, snapshot.hash, code.id);
    co_await context.known.save();
    co_return code;
}

}  // namespace aml::submit
