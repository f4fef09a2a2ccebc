#include "azure/assets.hpp"

#include "azure/asset_json.hpp"
#include "azure/page_reader.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

namespace aml::azure {
namespace {

http::Request list_request(const Client& client,
                           const ResourceId& workspace,
                           LocalizedText operation,
                           std::string_view type,
                           Query query = {}) {
    return client.arm(http::Method::Get,
                      std::move(operation),
                      fmt::format("{}/{}", workspace.to_string(), type),
                      client.ml_api_version(),
                      std::move(query));
}

const Query& active_only() {
    static const Query query{{"listViewType", "ActiveOnly"}};
    return query;
}

http::Request versions_request(const Client& client,
                               const ResourceId& workspace,
                               LocalizedText operation,
                               std::string_view type,
                               const std::string& name) {
    const Query query{
        {"$orderBy", "createdtime desc"}, {"$top", "50"}, {"listViewType", "ActiveOnly"}};
    return list_request(client,
                        workspace,
                        std::move(operation),
                        fmt::format("{}/{}/versions", type, http::percent_encode(name)),
                        query);
}

/// For a container of `type`, or for one of its versions.
http::Request asset_request(const Client& client,
                            http::Method method,
                            LocalizedText operation,
                            const ResourceId& workspace,
                            std::string_view type,
                            const std::string& name,
                            const std::string& version = {}) {
    auto path = fmt::format("{}/{}/{}", workspace.to_string(), type, http::percent_encode(name));
    if (!version.empty()) path += "/versions/" + http::percent_encode(version);
    return client.arm(method, std::move(operation), path, client.ml_api_version());
}

/// The others let identities in only.
bool has_key(const Datastore& datastore) {
    return datastore.credentials_type == "AccountKey" || datastore.credentials_type == "Sas";
}

/// Empty when the identity may not have it, or Azure gives its account key only, which is not used
/// here.
asio::awaitable<Secret> short_lived_signature(Client& client,
                                              Datastore datastore,
                                              std::stop_token stop) {
    auto request = client.arm(http::Method::Post,
                              localize("upload to the datastore {}", datastore.name),
                              datastore.id.to_string() + "/listSecrets",
                              client.ml_api_version());
    // It changes nothing.
    request.repeat = http::Repeat::Safe;
    const nlohmann::json body{{"expirableSecret", true}, {"expireAfterHours", 1}};
    set_json(request, body);
    Answer answer;
    try {
        answer = co_await client.send(std::move(request), std::move(stop));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Forbidden && error.kind() != ErrorKind::Rejected) throw;
    }
    auto signature = text(answer.body, "sasToken");
    if (signature.starts_with('?')) signature.erase(0, 1);
    co_return Secret(std::move(signature));
}

}  // namespace

asio::awaitable<Page<Datastore>> datastores::list(Client& client,
                                                  ResourceId workspace,
                                                  std::stop_token stop) {
    auto request = list_request(client, workspace, localize("list the datastores"), "datastores");
    return arm_page<Datastore>(client, std::move(request), datastore_from_json, std::move(stop));
}

asio::awaitable<Datastore> datastores::find_default(Client& client,
                                                    ResourceId workspace,
                                                    std::stop_token stop) {
    const Query query{{"isDefault", "true"}};
    auto request = list_request(
        client, workspace, localize("find the default datastore"), "datastores", query);
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    for (const auto& item : member(answer.body, {"value"})) {
        auto datastore = datastore_from_json(item);
        if (datastore.is_default) co_return datastore;
    }
    throw Error(ErrorKind::NotFound,
                localize("The workspace {} has no default datastore; name one as \"datastore\".",
                         workspace.name()));
}

asio::awaitable<Datastore> datastores::get(Client& client,
                                           ResourceId workspace,
                                           std::string name,
                                           std::stop_token stop) {
    auto request = list_request(client,
                                workspace,
                                localize("find the datastore {}", name),
                                "datastores/" + http::percent_encode(name));
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    co_return datastore_from_json(answer.body);
}

asio::awaitable<BlobAddress> datastores::container(Client& client,
                                                   Datastore datastore,
                                                   std::stop_token stop) {
    if (datastore.blob_address.empty()) {
        throw Error(ErrorKind::Rejected,
                    localize("Cannot upload to the datastore {}: it keeps no blobs; name another "
                             "as \"datastore\", or register the data and name it as "
                             "azureml:<name>:<version>.",
                             datastore.name));
    }
    BlobAddress address{Secret(datastore.blob_address), datastore.id.subscription()};
    // An identity that must not see secrets may well write to the storage; so does the official
    // client.
    if (!has_key(datastore)) co_return address;
    const auto signature = co_await short_lived_signature(client, datastore, std::move(stop));
    if (signature.empty()) co_return address;
    BlobAddress with_right{Secret(fmt::format("{}?{}", datastore.blob_address, signature.reveal())),
                           datastore.id.subscription()};
    co_return with_right;
}

asio::awaitable<Page<AssetContainer>> data::list(Client& client,
                                                 ResourceId workspace,
                                                 std::stop_token stop) {
    auto request =
        list_request(client, workspace, localize("list the data assets"), "data", active_only());
    return arm_page<AssetContainer>(
        client, std::move(request), container_from_json, std::move(stop));
}

asio::awaitable<Page<AssetVersion>> data::list_versions(Client& client,
                                                        ResourceId workspace,
                                                        std::string name,
                                                        std::stop_token stop) {
    auto request = versions_request(
        client, workspace, localize("list the versions of the data asset"), "data", name);
    return arm_page<AssetVersion>(
        client, std::move(request), data_version_from_json, std::move(stop));
}

asio::awaitable<std::optional<AssetContainer>> data::find_container(Client& client,
                                                                    ResourceId workspace,
                                                                    std::string name,
                                                                    std::stop_token stop) {
    auto request = asset_request(
        client, http::Method::Get, localize("read the data asset"), workspace, "data", name);
    const auto answer = co_await client.find(std::move(request), std::move(stop));
    if (!answer) co_return std::nullopt;
    co_return container_from_json(answer->body);
}

asio::awaitable<AssetVersion> data::create_or_update(Client& client,
                                                     ResourceId workspace,
                                                     std::string name,
                                                     std::string version,
                                                     DataSpec spec,
                                                     std::stop_token stop) {
    auto request = asset_request(client,
                                 http::Method::Put,
                                 localize("register the data asset"),
                                 workspace,
                                 "data",
                                 name,
                                 version);
    nlohmann::json properties{{"dataUri", spec.uri}, {"dataType", spec.type}};
    if (!spec.description.empty()) properties["description"] = spec.description;
    const nlohmann::json body{{"properties", std::move(properties)}};
    set_json(request, body);
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    co_return data_version_from_json(answer.body);
}

asio::awaitable<Page<AssetContainer>> models::list(Client& client,
                                                   ResourceId workspace,
                                                   std::stop_token stop) {
    auto request =
        list_request(client, workspace, localize("list the models"), "models", active_only());
    return arm_page<AssetContainer>(
        client, std::move(request), container_from_json, std::move(stop));
}

asio::awaitable<Page<AssetVersion>> models::list_versions(Client& client,
                                                          ResourceId workspace,
                                                          std::string name,
                                                          std::stop_token stop) {
    auto request = versions_request(
        client, workspace, localize("list the versions of the model"), "models", name);
    return arm_page<AssetVersion>(
        client, std::move(request), model_version_from_json, std::move(stop));
}

asio::awaitable<std::optional<AssetContainer>> models::find_container(Client& client,
                                                                      ResourceId workspace,
                                                                      std::string name,
                                                                      std::stop_token stop) {
    auto request = asset_request(
        client, http::Method::Get, localize("read the model"), workspace, "models", name);
    const auto answer = co_await client.find(std::move(request), std::move(stop));
    if (!answer) co_return std::nullopt;
    co_return container_from_json(answer->body);
}

asio::awaitable<std::optional<AssetVersion>> models::find(Client& client,
                                                          ResourceId workspace,
                                                          std::string name,
                                                          std::string version,
                                                          std::stop_token stop) {
    auto request = asset_request(
        client, http::Method::Get, localize("read the model"), workspace, "models", name, version);
    const auto answer = co_await client.find(std::move(request), std::move(stop));
    if (!answer) co_return std::nullopt;
    co_return model_version_from_json(answer->body);
}

asio::awaitable<AssetVersion> models::create_or_update(Client& client,
                                                       ResourceId workspace,
                                                       std::string name,
                                                       std::string version,
                                                       ModelSpec spec,
                                                       std::stop_token stop) {
    auto request = asset_request(client,
                                 http::Method::Put,
                                 localize("register the model"),
                                 workspace,
                                 "models",
                                 name,
                                 version);
    nlohmann::json properties{{"modelUri", spec.uri}, {"modelType", spec.type}};
    if (!spec.job_name.empty()) properties["jobName"] = spec.job_name;
    const nlohmann::json body{{"properties", std::move(properties)}};
    set_json(request, body);
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    co_return model_version_from_json(answer.body);
}

asio::awaitable<Page<Endpoint>> endpoints::list_online(Client& client,
                                                       ResourceId workspace,
                                                       std::stop_token stop) {
    auto request =
        list_request(client, workspace, localize("list the online endpoints"), "onlineEndpoints");
    return arm_page<Endpoint>(client, std::move(request), endpoint_from_json, std::move(stop));
}

asio::awaitable<Page<Endpoint>> endpoints::list_batch(Client& client,
                                                      ResourceId workspace,
                                                      std::stop_token stop) {
    auto request =
        list_request(client, workspace, localize("list the batch endpoints"), "batchEndpoints");
    return arm_page<Endpoint>(client, std::move(request), endpoint_from_json, std::move(stop));
}

}  // namespace aml::azure
