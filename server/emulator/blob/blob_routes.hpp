#pragma once

#include "blob/blob_service.hpp"
#include "blob/content_writer.hpp"
#include "web/authentication.hpp"

#include <string>
#include <string_view>

namespace aml::emulator {

/// What the blob routes share: finding the resource and checking the right to touch it.
class BlobAccess final {
public:
    BlobAccess(Context& context, BlobService& service)
        : authentication_(
              context.store, context.tenants, context.tokens, context.identity.tenant_id),
          service_(service) {}

    /// Checks the request's signature, shared key or token for one of `permissions` (letters as in
    /// `sp`). Throws: Refused (403 or 401) in the blob service's shape.
    void require(const Request& request, std::string_view permissions) const;
    /// As `require`, and the container must exist. Throws: Refused (404 ContainerNotFound).
    void require_container(const Request& request, std::string_view permissions) const;
    /// As `require_container`, and returns the blob. Throws: Refused (404 BlobNotFound).
    Blob require_blob(const Request& request, std::string_view permissions) const;

    static BlobKey key(const Request& request);

private:
    Authentication authentication_;
    BlobService& service_;
};

/// Reading: Get Blob, Get Blob Properties, Get Blob Metadata, Get Block List.
class BlobReading final {
public:
    BlobReading(BlobService& service, const BlobAccess& access)
        : store_(service.store()),
          access_(access) {}

    Reply get(const Request& request);
    Reply block_list(const Request& request);

private:
    BlobStore& store_;
    const BlobAccess& access_;
};

/// Writing: Put Blob, Put Block, Put Block List, Append Block, Set Blob Metadata, Delete Blob.
class BlobWriting final {
public:
    BlobWriting(Context& context, BlobService& service, const BlobAccess& access)
        : context_(context),
          store_(service.store()),
          access_(access) {}

    /// Any PUT on a blob; `comp` tells the operation.
    asio::awaitable<Reply> put(const Request& request, BodyReader& body);
    Reply remove(const Request& request);

private:
    asio::awaitable<Reply> put_blob(const Request& request, BodyReader& body);
    asio::awaitable<Reply> put_block(const Request& request, BodyReader& body);
    asio::awaitable<Reply> put_block_list(const Request& request, BodyReader& body);
    asio::awaitable<Reply> append_block(const Request& request, BodyReader& body);
    asio::awaitable<Reply> set_metadata(const Request& request, BodyReader& body);
    asio::awaitable<WrittenContent> receive(const Request& request,
                                            BodyReader& body,
                                            const std::string& content);
    asio::awaitable<Reply> store(const Request& request, Blob blob);

    Context& context_;
    BlobStore& store_;
    const BlobAccess& access_;
};

/// Containers: Create, Delete, Get Properties, List Blobs; List Containers of an account.
class ContainerRoutes final {
public:
    ContainerRoutes(BlobService& service, const BlobAccess& access)
        : store_(service.store()),
          access_(access) {}

    Reply put(const Request& request);
    Reply get(const Request& request);
    Reply remove(const Request& request);
    Reply list_containers(const Request& request);

private:
    Reply list_blobs(const Request& request);

    BlobStore& store_;
    const BlobAccess& access_;
};

}  // namespace aml::emulator
