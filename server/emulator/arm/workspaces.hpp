#pragma once

#include "arm/site.hpp"

namespace aml::emulator {

/// Makes the workspace's storage (container of its default datastore, artifact container) and its
/// rows: four datastores and the curated environments. Fills in id, storage account and key, and
/// the read-only properties. Call it in a transaction.
void create_workspace(Site& site, Workspace& workspace);

/// A workspace that was made or changed, and the operation that ends it.
struct WorkspacePut {
    Workspace workspace;
    std::string operation;
    bool is_new = false;
};

/// Makes or changes a workspace as a PUT with this body does. Call it in a transaction. Throws:
/// Refused (400 for a body, 409 for another location or a name that is kept by a deleted one).
WorkspacePut put_workspace(Site& site,
                           const Request& request,
                           const ResourceGroup& group,
                           const std::string& name,
                           const json& body);

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
                   const std::string& operation,
                   int status);
    void finish_removal(const std::string& workspace_id, bool keeps_name);

    Site& site_;
};

}  // namespace aml::emulator
