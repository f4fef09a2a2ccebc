#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace aml::emulator {

/// Blob storage as arm/ needs it; implemented by blob/.
class BlobStorage {
public:
    virtual ~BlobStorage() = default;
    /// `http://host:port/{account}`.
    virtual std::string account_url(std::string_view base_url, std::string_view account) const = 0;
    /// Creates the container if it is missing.
    virtual void ensure_container(std::string_view account, std::string_view container) = 0;
    /// Query string of a container SAS without `?`; `permissions` such as `rcwl`.
    virtual std::string container_sas(std::string_view account,
                                      std::string_view container,
                                      std::string_view permissions,
                                      std::chrono::seconds lifetime) const = 0;
    /// Removes an account's containers with everything in them.
    virtual void remove_account(std::string_view account) = 0;
};

}  // namespace aml::emulator
