#pragma once

#include "support/secret.hpp"

#include <string>

namespace aml::azure {

/// Where a container or a blob is, and by what right it is used.
struct BlobAddress {
    /// With the right to act inside (a SAS), or without any.
    Secret url{};
    /// The subscription for whose identity a token goes along when the address has no right of its
    /// own, or one that the storage does not accept. Empty: no token, ever.
    std::string subscription{};
};

}  // namespace aml::azure
