#pragma once

#include "core/context.hpp"
#include "web/router.hpp"

#include <string>

namespace aml::emulator {

/// The managed identity of a machine that would run beside the emulator: the metadata service of a
/// virtual machine (IMDS), and the local services of App Service (2019-08-01) and of Azure ML
/// computes (2017-09-01). Source: Azure managed identities, "acquire a token".
class MachineIdentity final {
public:
    /// Makes the identity's id and secret with the state.
    MachineIdentity(Context& context, Router& router);

    /// Adds all its routes to the router.
    void add_routes();

    /// What App Service and Azure ML give a process so that it may ask.
    const std::string& secret() const { return secret_; }

private:
    Reply metadata_service(const Request& request);
    Reply local_service(const Request& request);
    Reply token(const Request& request);

    Context& context_;
    Router& router_;
    std::string object_id_;
    std::string secret_;
};

}  // namespace aml::emulator
