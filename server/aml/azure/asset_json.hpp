#pragma once

#include "azure/assets.hpp"

/// Reading and writing of asset items; for the files of assets.hpp and their tests.
namespace aml::azure {

AssetContainer container_from_json(const nlohmann::json& json);
EnvironmentVersion environment_from_json(const nlohmann::json& json);
AssetVersion data_version_from_json(const nlohmann::json& json);
AssetVersion model_version_from_json(const nlohmann::json& json);
Datastore datastore_from_json(const nlohmann::json& json);
Endpoint endpoint_from_json(const nlohmann::json& json);

/// The `properties` of the PUT that registers an environment.
nlohmann::json environment_to_json(const EnvironmentSpec& spec);

}  // namespace aml::azure
