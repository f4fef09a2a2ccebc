#pragma once

#include "azure/blob_address.hpp"
#include "azure/client.hpp"

/// What the operations of blob storage share; for blobs.cpp and blob_list.cpp.
namespace aml::azure {

/// A request to a blob or container, `query` added to what its address has.
http::Request blob_request(const Client& client,
                           http::Method method,
                           LocalizedText operation,
                           const BlobAddress& address,
                           const Query& query = {});

/// Sends what `blob_request` made for that address, and returns any status. Storage that accepts no
/// shared keys refuses what is signed with one: then the same goes there once more with the
/// identity's token instead, and with a token at once from then on.
asio::awaitable<http::Response> send_blob(Client& client,
                                          http::Request request,
                                          BlobAddress address,
                                          std::stop_token stop);

}  // namespace aml::azure
