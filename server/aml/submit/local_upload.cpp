#include "submit/local_upload.hpp"

#include "azure/assets.hpp"
#include "azure/blobs.hpp"
#include "submit/code_snapshot.hpp"
#include "submit/snapshot_upload.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <utility>

namespace aml::submit {
namespace {

/// `azureml:store` and ids are ways to write the name.
std::string datastore_name(std::string_view written) {
    constexpr std::string_view scheme = "azureml:";
    if (written.starts_with(scheme)) written.remove_prefix(scheme.size());
    return std::string(written.substr(written.rfind('/') + 1));
}

/// The files of `listing` that are not below `folder` yet.
asio::awaitable<std::shared_ptr<const snapshot::Listing>> missing_files(
    SubmitContext& context,
    std::shared_ptr<const snapshot::Listing> listing,
    azure::BlobAddress container,
    std::string folder,
    std::stop_token stop) {
    std::map<std::string, std::uint64_t> there;
    auto page =
        co_await azure::blobs::list(context.client, std::move(container), folder + "/", stop);
    for (;;) {
        for (auto& blob : page.items) there.emplace(std::move(blob.name), blob.size);
        if (!page.has_next()) break;
        auto following = co_await page.next(stop);
        page = std::move(following);
    }
    auto missing = std::make_shared<snapshot::Listing>();
    missing->root = listing->root;
    for (const auto& file : listing->files) {
        const auto blob = there.find(fmt::format("{}/{}", folder, file.path));
        if (blob != there.end() && blob->second == file.stamp.size) continue;
        missing->files.push_back(file);
        missing->bytes += file.stamp.size;
    }
    co_return missing;
}

}  // namespace

asio::awaitable<azure::Datastore> find_datastore(SubmitContext& context,
                                                 std::optional<std::string> written,
                                                 std::stop_token stop) {
    azure::Datastore found;
    if (written) {
        auto name = datastore_name(*written);
        found = co_await azure::datastores::get(
            context.client, context.workspace, std::move(name), std::move(stop));
    } else {
        found = co_await azure::datastores::find_default(
            context.client, context.workspace, std::move(stop));
    }
    co_return found;
}

asio::awaitable<LocalUpload> prepare_local(SubmitContext& context,
                                           LocalData data,
                                           std::stop_token stop) {
    SnapshotSource source{data.path, context.reviewed(data.path)};
    const auto snapshot =
        co_await take_data_snapshot(context.state, std::move(source), context.reporter, stop);
    const auto& listing = *snapshot.listing;
    LocalUpload upload;
    upload.listing = snapshot.listing;
    upload.target.datastore = co_await find_datastore(context, std::move(data.datastore), stop);
    upload.container =
        co_await azure::datastores::container(context.client, upload.target.datastore, stop);
    const auto content = fmt::format("LocalUpload/{}", snapshot.hash);
    const bool one_file = listing.root != data.path;
    const auto named = data.folder.empty() ? listing.folder_name() : data.folder;
    upload.target.path =
        fmt::format("{}/{}", content, one_file ? listing.files.front().path : named);
    upload.folder = one_file ? content : upload.target.path;
    upload.missing = co_await missing_files(
        context, snapshot.listing, upload.container, upload.folder, std::move(stop));
    co_return upload;
}

asio::awaitable<Uploaded> upload_local(SubmitContext& context,
                                       LocalData data,
                                       std::stop_token stop) {
    auto upload = co_await prepare_local(context, std::move(data), stop);
    const auto& notes = upload.listing->notes;
    context.notes.insert(context.notes.end(), notes.begin(), notes.end());
    if (!upload.missing->files.empty()) {
        co_await upload_snapshot(context.client,
                                 context.state.pool(),
                                 upload.missing,
                                 upload.container,
                                 upload.folder,
                                 context.reporter,
                                 std::move(stop));
    }
    co_return std::move(upload.target);
}

}  // namespace aml::submit
