#pragma once

#include "arm/site.hpp"

namespace aml::emulator {

/// Computes of a workspace: clusters (AmlCompute) and compute instances. Source: Compute,
/// 2025-12-01 and 2024-04-01; long-running operations of dialect A.
class Computes final {
public:
    explicit Computes(Site& site)
        : site_(site) {}

    void add_routes();

private:
    Reply list(const Request& request);
    Reply get(const Request& request);
    Reply put(const Request& request);
    Reply patch(const Request& request);
    Reply remove(const Request& request);
    Reply power(const Request& request, const char* kind);
    Reply list_nodes(const Request& request);
    Reply list_keys(const Request& request);
    Reply operation_status(const Request& request);

    json show(const Workspace& workspace, const Resource& compute) const;
    /// Throws: Refused for a body that is wrong.
    json properties_of(const Request& request,
                       const json& body,
                       const Workspace& workspace,
                       const std::optional<Resource>& previous);
    Resource require(const Workspace& workspace, const Request& request);
    Reply accepted(const Request& request,
                   const Workspace& workspace,
                   const Resource& compute,
                   std::string_view kind,
                   int status);
    json finish_change(const Operation& operation);
    json finish_removal(const Operation& operation);
    json finish_power(const Operation& operation);

    Site& site_;
};

}  // namespace aml::emulator
