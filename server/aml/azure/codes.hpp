#pragma once

#include "azure/blob_address.hpp"
#include "azure/client.hpp"

#include <optional>
#include <string>

namespace aml::azure {

/// One registered snapshot.
struct CodeVersion {
    ResourceId id{};
    std::string name{};
    std::string version{};
    std::string code_uri{};
    /// `hash_sha256`, lower-case hex.
    std::string hash{};
};

/// Where a new snapshot may be uploaded to.
struct PendingUpload {
    /// Container address without a query; becomes part of `codeUri`.
    std::string blob_uri{};
    /// The same with its SAS (read, create, write and list, for about eight hours), and for the
    /// signed-in identity when Azure gave none or storage does not accept it.
    BlobAddress container{};
};

/// A snapshot to register.
struct CodeSpec {
    /// `{blob_uri}/{folder}`.
    std::string code_uri{};
    /// Content hash v202208.
    std::string hash{};
};

namespace codes {
/// A version with that content under any name.  Source: Code Versions - List with `hash`,
/// `hashVersion=202208`.
asio::awaitable<std::optional<CodeVersion>> find_by_hash(
    Client& client, ResourceId workspace, std::string name, std::string hash, std::stop_token stop);
/// A version by its id.  Source: Code Versions - Get.
asio::awaitable<std::optional<CodeVersion>> find(Client& client,
                                                 ResourceId version,
                                                 std::stop_token stop);
/// Makes a container, each time. Counts as a write for throttling.  Source: Code Versions - Create
/// Or Get Start Pending Upload.
asio::awaitable<PendingUpload> start_pending_upload(Client& client,
                                                    ResourceId workspace,
                                                    std::string name,
                                                    std::string version,
                                                    std::stop_token stop);
/// Safe to repeat.  Source: Code Versions - Create Or Update.
asio::awaitable<CodeVersion> create_or_update(Client& client,
                                              ResourceId workspace,
                                              std::string name,
                                              std::string version,
                                              CodeSpec spec,
                                              std::stop_token stop);
}  // namespace codes

}  // namespace aml::azure
