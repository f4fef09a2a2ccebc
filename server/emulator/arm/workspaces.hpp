#pragma once

#include "arm/site.hpp"

namespace aml::emulator {

/// Makes the workspace's storage (container of its default datastore, artifact container) and its
/// rows: four datastores and the curated environments. Fills in id, storage account and key, and
/// the read-only properties. Call it in a transaction.
void create_workspace(Site& site, Workspace& workspace);

/// Workspaces as resources. Source: Microsoft.MachineLearningServices Workspaces, 2025-12-01 and
/// 2024-04-01.
class Workspaces final {
public:
    explicit Workspaces(Site& site)
        : site_(site) {}

    void add_routes();

private:
    void add_permissions();
    Reply list(const Request& request);
    Reply get(const Request& request);
    Reply put(const Request& request);
    Reply patch(const Request& request);
    Reply remove(const Request& request);
    Reply list_keys(const Request& request);
    /// Where the data plane is: the document behind `properties.discoveryUrl`. Needs no token.
    Reply discover(const Request& request);
    Reply operation_status(const Request& request);
    Reply accepted(const Request& request,
                   const Workspace& workspace,
                   std::string_view kind,
                   int status);
    void finish_removal(const std::string& workspace_id);

    Site& site_;
};

}  // namespace aml::emulator
