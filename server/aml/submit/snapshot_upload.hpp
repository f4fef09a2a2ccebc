#pragma once

#include "async/asio.hpp"
#include "azure/blob_address.hpp"
#include "azure/client.hpp"
#include "snapshot/listing.hpp"
#include "submit/submit_reporter.hpp"

#include <memory>
#include <stop_token>
#include <string>

namespace aml::submit {

/// Uploads every file of `listing` to `{container}/{folder}/{path}` and reports bytes and files.
/// Nobody else writes other content there: a blob that exists is taken for what it should be. Reads
/// on `pool`; about 24 MB are in flight at most, however large the snapshot is. The first failure
/// stops the rest. Throws: Rejected when a file has changed since the listing (names it),
/// Unavailable, Forbidden, Cancelled. Source: Put Blob, Put Block, Put Block List, 2021-08-06.
asio::awaitable<void> upload_snapshot(azure::Client& client,
                                      asio::thread_pool& pool,
                                      std::shared_ptr<const snapshot::Listing> listing,
                                      azure::BlobAddress container,
                                      std::string folder,
                                      std::shared_ptr<SubmitReporter> reporter,
                                      std::stop_token stop);

}  // namespace aml::submit
