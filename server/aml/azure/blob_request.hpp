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

}  // namespace aml::azure
