#pragma once

#include "arm/site.hpp"

namespace aml::emulator {

/// Is it a compute name? 3 to 24 characters, a letter first, letters, digits and hyphens, not
/// ending in `-<digits>`. Source: Compute name pattern, 2025-12-01.
bool is_compute_name(std::string_view name);

/// Checks the body of a PUT of an AmlCompute. Throws: Refused (400) naming the member, size or
/// quota that is wrong.
void check_cluster(const json& body, const Workspace& workspace);

/// Computes of a workspace. Source: Compute, 2025-12-01 and 2024-04-01; long-running operations of
/// dialect A.
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
    Reply list_nodes(const Request& request);
    Reply list_keys(const Request& request);
    Reply operation_status(const Request& request);

    json show(const Workspace& workspace, const Resource& compute) const;
    Resource require(const Workspace& workspace, const Request& request);
    Reply accepted(const Request& request,
                   const Workspace& workspace,
                   const Resource& compute,
                   std::string_view kind,
                   int status);
    json finish_change(const Operation& operation);
    json finish_removal(const Operation& operation);

    Site& site_;
};

}  // namespace aml::emulator
