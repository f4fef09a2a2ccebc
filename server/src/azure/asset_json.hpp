#pragma once

#include "azure/assets.hpp"

/// Reading of asset items; for the files of assets.hpp and their tests.
namespace aml::azure {

AssetContainer container_from_json(const nlohmann::json& json);
EnvironmentVersion environment_from_json(const nlohmann::json& json);
AssetVersion data_version_from_json(const nlohmann::json& json);
AssetVersion model_version_from_json(const nlohmann::json& json);
Datastore datastore_from_json(const nlohmann::json& json);
Endpoint endpoint_from_json(const nlohmann::json& json);

}  // namespace aml::azure
