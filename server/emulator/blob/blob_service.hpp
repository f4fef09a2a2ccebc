#pragma once

#include "blob/blob_store.hpp"
#include "core/blob_storage.hpp"
#include "core/context.hpp"
#include "web/router.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace aml::emulator {

/// The blob service: storage for the other parts, and its REST API at
/// `http://host:port/{account}/…` with shared access signatures and shared keys checked. Source:
/// Blob service REST API, version 2021-08-06.
class BlobService final : public BlobStorage {
public:
    BlobService(Context& context, Router& router);
    ~BlobService() override;

    /// Adds the routes of the blob service to the router.
    void add_routes();

    std::string account_url(std::string_view base_url, std::string_view account) const override;
    void ensure_container(std::string_view account, std::string_view container) override;
    std::string container_sas(std::string_view account,
                              std::string_view container,
                              std::string_view permissions,
                              std::chrono::seconds lifetime) const override;
    void remove_account(std::string_view account) override;

    /// Address of a blob with a signature for `permissions` that lasts eight hours; every call
    /// signs anew.
    std::string blob_url(std::string_view base_url,
                         const BlobKey& key,
                         std::string_view permissions) const;

    /// The account's key in Base64, or "" for an unknown account.
    const std::string& key_of(std::string_view account) const;
    /// Whether the account accepts its key and what is signed with it.
    bool takes_keys(std::string_view account) const;

    BlobStore& store() { return store_; }

private:
    Context& context_;
    Router& router_;
    BlobStore store_;
    // Filled on first use; accounts keep their key for life.
    mutable std::map<std::string, std::string, std::less<>> keys_;
    struct Routes;
    std::unique_ptr<Routes> routes_;
};

}  // namespace aml::emulator
