#pragma once

#include "blob/blob_store.hpp"
#include "core/context.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// A place in blob storage: a blob, or everything below a prefix.
struct StoragePlace {
    std::string account;
    std::string container;
    /// Without a leading slash; a folder may or may not end with one.
    std::string path;

    bool operator==(const StoragePlace&) const = default;
};

/// What a URI in a job stands for, as far as the emulator stores it:
/// `azureml://datastores/{name}/paths/{path}`, the long form with the workspace,
/// `azureml:{name}:{version}` and the ARM id of a data version, and addresses of the emulator's own
/// blob service (whatever their port). Nothing for any other URI. Throws: aml::Error (NotFound) for
/// a datastore or data version that does not exist.
std::optional<StoragePlace> find_storage(Context& context,
                                         const Workspace& workspace,
                                         std::string_view uri);

}  // namespace aml::emulator
