#pragma once

#include "arm/site.hpp"

namespace aml::emulator {

/// Datastores with their secrets, and the place where a code version is uploaded to.
/// Source: Datastores, Code Versions - Create Or Get Start Pending Upload, 2025-12-01 and
/// 2024-04-01.
class StorageRoutes final {
public:
    explicit StorageRoutes(Site& site)
        : site_(site) {}

    void add_routes();

private:
    Reply list(const Request& request);
    Reply get(const Request& request);
    Reply put(const Request& request);
    Reply remove(const Request& request);
    Reply list_secrets(const Request& request);
    Reply start_pending_upload(const Request& request);
    Resource require(const Workspace& workspace, const Request& request);

    Site& site_;
};

}  // namespace aml::emulator
