#pragma once

#include "async/asio.hpp"
#include "azure/assets.hpp"
#include "azure/blob_address.hpp"
#include "snapshot/listing.hpp"
#include "submit/submit_context.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::submit {

/// A local file or folder, and where it is to go.
struct LocalData {
    std::filesystem::path path{};
    /// By its name or reference; absent: the workspace's default one.
    std::optional<std::string> datastore{};
    /// What a folder is called there; empty: as it is called here.
    std::string folder{};
};

/// Where something lies in a datastore.
struct Uploaded {
    azure::Datastore datastore{};
    /// Below the datastore's container, without a slash at the end.
    std::string path{};
};

/// The datastore of that name or reference; absent: the workspace's default one. Throws: as
/// `azure::datastores`.
asio::awaitable<azure::Datastore> find_datastore(SubmitContext& context,
                                                 std::optional<std::string> written,
                                                 std::stop_token stop);

/// Where data would go, and what of it is missing there.
struct LocalUpload {
    Uploaded target{};
    std::shared_ptr<const snapshot::Listing> listing{};
    std::shared_ptr<const snapshot::Listing> missing{};
    azure::BlobAddress container{};
    /// Of the files, below the container.
    std::string folder{};
};

/// Finds out what `upload_local` has to send; sends nothing. Throws: as that.
asio::awaitable<LocalUpload> prepare_local(SubmitContext& context,
                                           LocalData data,
                                           std::stop_token stop);

/// Uploads data to a datastore. The path there is made of the content's hash, as the official
/// client does it: what is there already is not sent again. Ignore files count as for code. Throws:
/// as `take_data_snapshot`, `azure::datastores` and `upload_snapshot`.
asio::awaitable<Uploaded> upload_local(SubmitContext& context,
                                       LocalData data,
                                       std::stop_token stop);

}  // namespace aml::submit
