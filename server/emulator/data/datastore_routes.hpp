#pragma once

#include "core/context.hpp"
#include "data/data_routes.hpp"

#include <string>

namespace aml::emulator {

/// Datastores as SDK v1 reads them (datastore v1.0), the same that ARM has. Source:
/// `datastore.json` of Azure's OpenAPI descriptions, 2019-09-30.
class DatastoreRoutes final {
public:
    DatastoreRoutes(Context& context, Router& router);

    void add_routes();

private:
    json shown(const Workspace& workspace, const Resource& datastore);
    Resource find(const Workspace& workspace, const Request& request, const std::string& name);
    Reply list(const Workspace& workspace, const Request& request);
    Reply get_default(const Workspace& workspace, const Request& request);
    Reply set_default(const Workspace& workspace, const Request& request);

    Context& context_;
    DataRoutes routes_;
};

}  // namespace aml::emulator
