#pragma once

#include "core/store.hpp"
#include "support/random.hpp"

#include <string>

namespace aml::emulator {

/// Ids made once with the state and the same ever after; they go into the ready line.
struct Identity {
    std::string tenant_id;
    std::string client_id;
    std::string client_secret;
    /// Object ids of the application and of the person who signs in by device code.
    std::string application_object_id;
    std::string user_object_id;
    std::string user_name = "Demo User";
    std::string user_principal_name;
    std::string subscription_id;
    std::string resource_group;
    std::string workspace;
    std::string location;
};

/// Reads the ids of the state, making them the first time. Throws: like Store::execute.
Identity load_identity(Store& store, Random& random);

}  // namespace aml::emulator
