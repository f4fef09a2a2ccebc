#pragma once

#include "data/data_routes.hpp"
#include "data/model_store.hpp"

#include <string>

namespace aml::emulator {

/// Models as SDK v1 registers and reads them (modelmanagement v1.0): a run's files become an asset,
/// and the asset a model, which is the same model that ARM has. Source: `model-dataplane.json` of
/// Azure's OpenAPI descriptions.
class ModelManagement final {
public:
    ModelManagement(Context& context, Router& router, ModelStore& models);

    void add_routes();

private:
    Reply create_asset(const Workspace& workspace, const Request& request);
    Reply get_asset(const Workspace& workspace, const Request& request);
    Reply register_model(const Workspace& workspace, const Request& request);
    Reply get_model(const Workspace& workspace, const Request& request);
    Reply list_models(const Workspace& workspace, const Request& request);

    Context& context_;
    ModelStore& models_;
    DataRoutes routes_;
};

}  // namespace aml::emulator
