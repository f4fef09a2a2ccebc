#include "azure/asset_json.hpp"
#include "azure/assets.hpp"
#include "azure/page_reader.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

namespace aml::azure {
namespace {

using nlohmann::json;

constexpr std::string_view registry_version = "2021-10-01-dataplanepreview";

std::string environment_path(const ResourceId& workspace, const std::string& name) {
    return fmt::format("{}/environments/{}", workspace.to_string(), http::percent_encode(name));
}

std::string version_path(const ResourceId& workspace,
                         const std::string& name,
                         const std::string& version) {
    return fmt::format(
        "{}/versions/{}", environment_path(workspace, name), http::percent_encode(version));
}

Query newest_versions() {
    return {{"$orderBy", "createdtime desc"}, {"$top", "50"}, {"listViewType", "ActiveOnly"}};
}

/// A list below `{resource provider}mferp/managementfrontend/…/registries/{name}`.
http::Request registry_request(const Client& client,
                               const registries::Registry& registry,
                               LocalizedText operation,
                               std::string_view rest,
                               Query query) {
    auto base = registry.resource_provider;
    while (base.ends_with('/')) base.pop_back();
    auto request = client.arm(http::Method::Get, std::move(operation), "/", registry_version);
    query.insert(query.begin(), {"api-version", std::string(registry_version)});
    request.url = http::with_query(
        fmt::format("{}/mferp/managementfrontend/subscriptions/{}/resourceGroups/{}/providers/"
                    "Microsoft.MachineLearningServices/registries/{}/{}",
                    base,
                    registry.subscription,
                    registry.resource_group,
                    registry.name,
                    rest),
        query);
    return request;
}

http::Request discovery_request(const Client& client,
                                const std::string& host,
                                const std::string& name) {
    http::Request request;
    request.operation = localize("find the registry {}", name);
    request.url = fmt::format("{}/registrymanagement/v1.0/registries/{}/discovery", host, name);
    http::accept_json(request);
    request.scope = client.cloud().arm_scope;
    return request;
}

}  // namespace

asio::awaitable<Page<AssetContainer>> environments::list(Client& client,
                                                         ResourceId workspace,
                                                         std::stop_token stop) {
    const Query query{{"listViewType", "ActiveOnly"}};
    auto request = client.arm(http::Method::Get,
                              localize("list the environments"),
                              workspace.to_string() + "/environments",
                              client.ml_api_version(),
                              query);
    return arm_page<AssetContainer>(
        client, std::move(request), container_from_json, std::move(stop));
}

asio::awaitable<Page<EnvironmentVersion>> environments::list_versions(Client& client,
                                                                      ResourceId workspace,
                                                                      std::string name,
                                                                      std::stop_token stop) {
    auto request = client.arm(http::Method::Get,
                              localize("list the versions of the environment"),
                              environment_path(workspace, name) + "/versions",
                              client.ml_api_version(),
                              newest_versions());
    return arm_page<EnvironmentVersion>(
        client, std::move(request), environment_from_json, std::move(stop));
}

asio::awaitable<std::optional<AssetContainer>> environments::find_container(Client& client,
                                                                            ResourceId workspace,
                                                                            std::string name,
                                                                            std::stop_token stop) {
    auto request = client.arm(http::Method::Get,
                              localize("read the environment"),
                              environment_path(workspace, name),
                              client.ml_api_version());
    const auto answer = co_await client.find(std::move(request), std::move(stop));
    if (!answer) co_return std::nullopt;
    co_return container_from_json(answer->body);
}

asio::awaitable<std::optional<EnvironmentVersion>> environments::find(Client& client,
                                                                      ResourceId workspace,
                                                                      std::string name,
                                                                      std::string version,
                                                                      std::stop_token stop) {
    auto request = client.arm(http::Method::Get,
                              localize("read the environment"),
                              version_path(workspace, name, version),
                              client.ml_api_version());
    const auto answer = co_await client.find(std::move(request), std::move(stop));
    if (!answer) co_return std::nullopt;
    co_return environment_from_json(answer->body);
}

asio::awaitable<EnvironmentVersion> environments::create_or_update(Client& client,
                                                                   ResourceId workspace,
                                                                   std::string name,
                                                                   std::string version,
                                                                   EnvironmentSpec spec,
                                                                   std::stop_token stop) {
    auto request = client.arm(http::Method::Put,
                              localize("register the environment"),
                              version_path(workspace, name, version),
                              client.ml_api_version());
    json body = json::object();
    body["properties"] = environment_to_json(spec);
    set_json(request, body);
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    co_return environment_from_json(answer.body);
}

asio::awaitable<registries::Registry> registries::discover(Client& client,
                                                           DataPlane plane,
                                                           std::string name,
                                                           std::stop_token stop) {
    const auto& host = client.cloud().registry_host;
    std::optional<Answer> found;
    if (!host.empty()) {
        try {
            auto request = discovery_request(client, host, name);
            found = co_await client.send(std::move(request), stop);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::Cancelled) throw;
        }
    }
    // A network that is cut off from the public host may still reach the workspace's own.
    if (!found) {
        auto request = discovery_request(client, plane.api, name);
        found = co_await client.send(std::move(request), std::move(stop));
    }
    const auto& answer = *found;
    Registry registry;
    registry.name = text(answer.body, "registryName");
    registry.subscription = text(answer.body, "subscriptionId");
    registry.resource_group = text(answer.body, "resourceGroup");
    registry.resource_provider = text(answer.body, "primaryRegionResourceProviderUri");
    if (registry.resource_provider.empty()) {
        throw Error(ErrorKind::AzureFailed,
                    localize("The registry {} does not say where it is.", name));
    }
    if (registry.name.empty()) registry.name = name;
    co_return registry;
}

asio::awaitable<Page<AssetContainer>> registries::environments(Client& client,
                                                               Registry registry,
                                                               std::stop_token stop) {
    const Query query{{"listViewType", "ActiveOnly"}};
    auto request = registry_request(
        client, registry, localize("list the registry's environments"), "environments", query);
    return arm_page<AssetContainer>(
        client, std::move(request), container_from_json, std::move(stop));
}

asio::awaitable<Page<EnvironmentVersion>> registries::environment_versions(Client& client,
                                                                           Registry registry,
                                                                           std::string name,
                                                                           std::stop_token stop) {
    auto request =
        registry_request(client,
                         registry,
                         localize("list the versions of the registry's environment"),
                         fmt::format("environments/{}/versions", http::percent_encode(name)),
                         newest_versions());
    return arm_page<EnvironmentVersion>(
        client, std::move(request), environment_from_json, std::move(stop));
}

}  // namespace aml::azure
