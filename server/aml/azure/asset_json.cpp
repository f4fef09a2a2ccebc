#include "azure/asset_json.hpp"

#include "azure/json_fields.hpp"

#include <fmt/format.h>

namespace aml::azure {
namespace {

using nlohmann::json;

std::string created_at(const json& item) {
    return text(member(item, {"systemData"}), "createdAt");
}

ResourceId id_of(const json& item) {
    return ResourceId::parse(text(item, "id")).value_or(ResourceId());
}

AssetVersion version_from_json(const json& item, std::string_view uri, std::string_view type) {
    const auto& properties = member(item, {"properties"});
    AssetVersion version;
    version.id = text(item, "id");
    version.version = text(item, "name");
    version.description = text(properties, "description");
    version.uri = text(properties, uri);
    version.type = text(properties, type);
    version.job_name = text(properties, "jobName");
    version.created_at = created_at(item);
    return version;
}

}  // namespace

AssetContainer container_from_json(const json& item) {
    const auto& properties = member(item, {"properties"});
    AssetContainer container;
    container.id = text(item, "id");
    container.name = text(item, "name");
    container.description = text(properties, "description");
    container.latest_version = text(properties, "latestVersion");
    container.next_version = text(properties, "nextVersion");
    container.data_type = text(properties, "dataType");
    container.archived = boolean(properties, "isArchived");
    container.created_at = created_at(item);
    return container;
}

EnvironmentVersion environment_from_json(const json& item) {
    const auto& properties = member(item, {"properties"});
    EnvironmentVersion environment;
    environment.id = text(item, "id");
    environment.version = text(item, "name");
    environment.description = text(properties, "description");
    environment.image = text(properties, "image");
    environment.conda_file = text(properties, "condaFile");
    environment.build_context = text(member(properties, {"build"}), "contextUri");
    environment.type = text(properties, "environmentType");
    environment.os_type = text(properties, "osType");
    environment.anonymous = boolean(properties, "isAnonymous");
    environment.created_at = created_at(item);
    return environment;
}

json environment_to_json(const EnvironmentSpec& spec) {
    json properties = {{"osType", spec.os_type}, {"isAnonymous", spec.anonymous}};
    if (!spec.image.empty()) properties["image"] = spec.image;
    if (!spec.conda_file.empty()) properties["condaFile"] = spec.conda_file;
    if (!spec.build_context.empty()) {
        properties["build"]["contextUri"] = spec.build_context;
        if (!spec.dockerfile_path.empty())
            properties["build"]["dockerfilePath"] = spec.dockerfile_path;
    }
    if (!spec.inference_config.is_null()) properties["inferenceConfig"] = spec.inference_config;
    if (!spec.description.empty()) properties["description"] = spec.description;
    if (!spec.tags.empty()) properties["tags"] = spec.tags;
    return properties;
}

AssetVersion data_version_from_json(const json& item) {
    return version_from_json(item, "dataUri", "dataType");
}

AssetVersion model_version_from_json(const json& item) {
    return version_from_json(item, "modelUri", "modelType");
}

Datastore datastore_from_json(const json& item) {
    const auto& properties = member(item, {"properties"});
    Datastore datastore;
    datastore.id = id_of(item);
    datastore.name = text(item, "name");
    datastore.description = text(properties, "description");
    datastore.type = text(properties, "datastoreType");
    datastore.account = text(properties, "accountName");
    datastore.container = text(properties, "containerName");
    for (const auto* name : {"fileShareName", "filesystem"}) {
        if (datastore.container.empty()) datastore.container = text(properties, name);
    }
    datastore.credentials_type = text(member(properties, {"credentials"}), "credentialsType");
    datastore.is_default = boolean(properties, "isDefault");
    const bool has_blobs = datastore.type == "AzureBlob" || datastore.type == "AzureDataLakeGen2";
    const auto suffix = text(properties, "endpoint");
    if (has_blobs && !suffix.empty() && !datastore.account.empty() &&
        !datastore.container.empty()) {
        datastore.blob_address = fmt::format("{}://{}.blob.{}/{}",
                                             text(properties, "protocol"),
                                             datastore.account,
                                             suffix,
                                             datastore.container);
    }
    return datastore;
}

Endpoint endpoint_from_json(const json& item) {
    const auto& properties = member(item, {"properties"});
    Endpoint endpoint;
    endpoint.id = id_of(item);
    endpoint.name = text(item, "name");
    endpoint.description = text(properties, "description");
    endpoint.provisioning_state = text(properties, "provisioningState");
    endpoint.scoring_uri = text(properties, "scoringUri");
    endpoint.auth_mode = text(properties, "authMode");
    endpoint.default_deployment = text(member(properties, {"defaults"}), "deploymentName");
    const auto& traffic = member(properties, {"traffic"});
    if (traffic.is_object()) {
        for (const auto& [deployment, share] : traffic.items()) {
            endpoint.traffic[deployment] =
                static_cast<int>(integer(traffic, deployment).value_or(0));
        }
    }
    return endpoint;
}

}  // namespace aml::azure
