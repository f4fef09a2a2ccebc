#pragma once

#include "azure/blob_address.hpp"
#include "azure/client.hpp"
#include "azure/page.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace aml::azure {

/// A named asset with versions: environment, data, model.
struct AssetContainer {
    /// ARM id text, or `azureml://registries/…` for a registry's.
    std::string id{};
    std::string name{};
    std::string description{};
    std::string latest_version{};
    std::string next_version{};
    /// Data only: uri_file, uri_folder, mltable.
    std::string data_type{};
    bool archived = false;
    /// RFC 3339; empty when unknown.
    std::string created_at{};
};

/// One version of an environment.
struct EnvironmentVersion {
    std::string id{};
    std::string version{};
    std::string description{};
    std::string image{};
    /// Conda file, as JSON text on read (JSON is YAML); empty when there is none.
    std::string conda_file{};
    /// Docker build context; empty when there is none.
    std::string build_context{};
    /// UserCreated, Curated.
    std::string type{};
    std::string os_type{};
    bool anonymous = false;
    std::string created_at{};
};

/// An environment to register: an image, with or without a conda file, or a Docker build context.
struct EnvironmentSpec {
    std::string image{};
    /// YAML or JSON text.
    std::string conda_file{};
    /// Address of the build context; then there is no image.
    std::string build_context{};
    /// Inside the context; empty: `Dockerfile`.
    std::string dockerfile_path{};
    /// Linux or Windows.
    std::string os_type = "Linux";
    /// `livenessRoute`, `readinessRoute`, `scoringRoute`; null when there are none.
    nlohmann::json inference_config{};
    std::string description{};
    bool anonymous = false;
    std::map<std::string, std::string> tags{};
};

/// One version of a data asset or model.
struct AssetVersion {
    std::string id{};
    std::string version{};
    std::string description{};
    /// `dataUri` or `modelUri`.
    std::string uri{};
    /// `dataType` or `modelType`.
    std::string type{};
    std::string job_name{};
    std::string created_at{};
};

/// A data asset to register.
struct DataSpec {
    /// Where it is, such as `azureml://…/datastores/{store}/paths/{path}`.
    std::string uri{};
    /// uri_file, uri_folder, mltable.
    std::string type{};
    std::string description{};
};

/// A model to register.
struct ModelSpec {
    /// Where its files are, such as `azureml://jobs/{job}/outputs/artifacts/paths/{path}`.
    std::string uri{};
    /// custom_model, mlflow_model, triton_model.
    std::string type{};
    /// The job that it comes from; may be empty.
    std::string job_name{};
};

struct Datastore {
    ResourceId id{};
    std::string name{};
    std::string description{};
    /// AzureBlob, AzureFile, AzureDataLakeGen2, …
    std::string type{};
    std::string account{};
    std::string container{};
    /// AccountKey, Sas, None, …
    std::string credentials_type{};
    bool is_default = false;
    /// Of the container, for blob requests; empty where the datastore has none.
    std::string blob_address{};
};

struct Endpoint {
    ResourceId id{};
    std::string name{};
    std::string description{};
    std::string provisioning_state{};
    std::string scoring_uri{};
    /// AMLToken, Key, AADToken.
    std::string auth_mode{};
    /// Deployment → percentage; online endpoints.
    std::map<std::string, int> traffic{};
    /// Batch endpoints.
    std::string default_deployment{};
};

namespace environments {
/// Active ones.  Source: Environment Containers - List.
asio::awaitable<Page<AssetContainer>> list(Client& client,
                                           ResourceId workspace,
                                           std::stop_token stop);
/// Newest first.  Source: Environment Versions - List.
asio::awaitable<Page<EnvironmentVersion>> list_versions(Client& client,
                                                        ResourceId workspace,
                                                        std::string name,
                                                        std::stop_token stop);
/// Source: Environment Containers - Get.
asio::awaitable<std::optional<AssetContainer>> find_container(Client& client,
                                                              ResourceId workspace,
                                                              std::string name,
                                                              std::stop_token stop);
/// Source: Environment Versions - Get.
asio::awaitable<std::optional<EnvironmentVersion>> find(Client& client,
                                                        ResourceId workspace,
                                                        std::string name,
                                                        std::string version,
                                                        std::stop_token stop);
/// Safe to repeat with the same content.  Throws: Rejected (image or packages refused), Conflict.
/// Source: Environment Versions - Create Or Update.
asio::awaitable<EnvironmentVersion> create_or_update(Client& client,
                                                     ResourceId workspace,
                                                     std::string name,
                                                     std::string version,
                                                     EnvironmentSpec spec,
                                                     std::stop_token stop);
}  // namespace environments

/// The public registry of curated environments.
namespace registries {

/// Where a registry's resources are.
struct Registry {
    std::string name{};
    std::string subscription{};
    std::string resource_group{};
    std::string resource_provider{};
};

/// Any workspace's data plane knows the way to any registry.
/// Source: `GET {api}/registrymanagement/v1.0/registries/{name}/discovery`.
asio::awaitable<Registry> discover(Client& client,
                                   DataPlane plane,
                                   std::string name,
                                   std::stop_token stop);
/// Active ones.  Source: registry environments, 2021-10-01-dataplanepreview.
asio::awaitable<Page<AssetContainer>> environments(Client& client,
                                                   Registry registry,
                                                   std::stop_token stop);
/// Newest first.
asio::awaitable<Page<EnvironmentVersion>> environment_versions(Client& client,
                                                               Registry registry,
                                                               std::string name,
                                                               std::stop_token stop);
}  // namespace registries

namespace datastores {
/// Source: Datastores - List.
asio::awaitable<Page<Datastore>> list(Client& client, ResourceId workspace, std::stop_token stop);
/// The workspace's default one. Throws: NotFound when it has none.  Source: Datastores - List with
/// `isDefault`.
asio::awaitable<Datastore> find_default(Client& client, ResourceId workspace, std::stop_token stop);
/// Throws: NotFound.  Source: Datastores - Get.
asio::awaitable<Datastore> get(Client& client,
                               ResourceId workspace,
                               std::string name,
                               std::stop_token stop);
/// The container's address with the right to read, list and write for an hour; for the signed-in
/// identity when the datastore gives no such right. Throws: Rejected when it keeps no blobs.
/// Source: Datastores - List Secrets with `expirableSecret`, 2025-12-01.
asio::awaitable<BlobAddress> container(Client& client, Datastore datastore, std::stop_token stop);
}  // namespace datastores

/// What the steps of pipelines run.
namespace components {
/// Registers a component without a name of its own, and returns its id. Safe to repeat with the
/// same content. Throws: Rejected (what is wrong with it), Conflict, Forbidden, Unavailable.
/// Source: Component Versions - Create Or Update.
asio::awaitable<std::string> create_anonymous(Client& client,
                                              ResourceId workspace,
                                              std::string version,
                                              nlohmann::json spec,
                                              std::stop_token stop);
/// The id of the newest version; absent when there is none.
/// Source: Component Versions - List.
asio::awaitable<std::optional<std::string>> find_latest(Client& client,
                                                        ResourceId workspace,
                                                        std::string name,
                                                        std::stop_token stop);
}  // namespace components

namespace data {
/// Active ones.  Source: Data Containers - List.
asio::awaitable<Page<AssetContainer>> list(Client& client,
                                           ResourceId workspace,
                                           std::stop_token stop);
/// Newest first.  Source: Data Versions - List.
asio::awaitable<Page<AssetVersion>> list_versions(Client& client,
                                                  ResourceId workspace,
                                                  std::string name,
                                                  std::stop_token stop);
/// Source: Data Containers - Get.
asio::awaitable<std::optional<AssetContainer>> find_container(Client& client,
                                                              ResourceId workspace,
                                                              std::string name,
                                                              std::stop_token stop);
/// Safe to repeat with the same content. Throws: Rejected when the version exists with another
/// address, or Azure refuses it; Forbidden, Unavailable, …  Source: Data Versions - Create Or
/// Update.
asio::awaitable<AssetVersion> create_or_update(Client& client,
                                               ResourceId workspace,
                                               std::string name,
                                               std::string version,
                                               DataSpec spec,
                                               std::stop_token stop);
}  // namespace data

namespace models {
/// Active ones.  Source: Model Containers - List.
asio::awaitable<Page<AssetContainer>> list(Client& client,
                                           ResourceId workspace,
                                           std::stop_token stop);
/// Newest first.  Source: Model Versions - List.
asio::awaitable<Page<AssetVersion>> list_versions(Client& client,
                                                  ResourceId workspace,
                                                  std::string name,
                                                  std::stop_token stop);
/// Source: Model Containers - Get.
asio::awaitable<std::optional<AssetContainer>> find_container(Client& client,
                                                              ResourceId workspace,
                                                              std::string name,
                                                              std::stop_token stop);
/// Source: Model Versions - Get.
asio::awaitable<std::optional<AssetVersion>> find(Client& client,
                                                  ResourceId workspace,
                                                  std::string name,
                                                  std::string version,
                                                  std::stop_token stop);
/// Safe to repeat with the same content. Throws: Rejected when the version exists with another
/// address, or Azure refuses it; Forbidden, Unavailable, …  Source: Model Versions - Create Or
/// Update.
asio::awaitable<AssetVersion> create_or_update(Client& client,
                                               ResourceId workspace,
                                               std::string name,
                                               std::string version,
                                               ModelSpec spec,
                                               std::stop_token stop);
}  // namespace models

namespace endpoints {
/// Source: Online Endpoints - List.
asio::awaitable<Page<Endpoint>> list_online(Client& client,
                                            ResourceId workspace,
                                            std::stop_token stop);
/// Source: Batch Endpoints - List.
asio::awaitable<Page<Endpoint>> list_batch(Client& client,
                                           ResourceId workspace,
                                           std::stop_token stop);
}  // namespace endpoints

}  // namespace aml::azure
