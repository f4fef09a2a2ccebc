#include "azure/assets.hpp"
#include "azure/page_reader.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::azure {
namespace {

using nlohmann::json;

/// The name under which the official tools put components that have none.
constexpr std::string_view anonymous_name = "azureml_anonymous";

std::string component_versions(const ResourceId& workspace, std::string_view name) {
    return fmt::format(
        "{}/components/{}/versions", workspace.to_string(), http::percent_encode(name));
}

std::string id_of_version(const json& item) {
    return text(item, "id");
}

}  // namespace

asio::awaitable<std::string> components::create_anonymous(
    Client& client, ResourceId workspace, std::string version, json spec, std::stop_token stop) {
    auto request = client.arm(
        http::Method::Put,
        localize("register the component"),
        fmt::format(
            "{}/{}", component_versions(workspace, anonymous_name), http::percent_encode(version)),
        client.ml_api_version());
    spec["name"] = anonymous_name;
    spec["version"] = "1";
    json properties{{"isAnonymous", true}, {"isArchived", false}};
    for (const auto* key : {"description", "tags"}) {
        if (spec.contains(key)) properties[key] = spec[key];
    }
    properties["componentSpec"] = std::move(spec);
    json body = json::object();
    body["properties"] = std::move(properties);
    set_json(request, body);
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    co_return text(answer.body, "id");
}

asio::awaitable<std::optional<std::string>> components::find_latest(Client& client,
                                                                    ResourceId workspace,
                                                                    std::string name,
                                                                    std::stop_token stop) {
    const Query query{
        {"$orderBy", "createdtime desc"}, {"$top", "1"}, {"listViewType", "ActiveOnly"}};
    auto request = client.arm(http::Method::Get,
                              localize("list the versions of the component"),
                              component_versions(workspace, name),
                              client.ml_api_version(),
                              query);
    const auto page =
        co_await arm_page<std::string>(client, std::move(request), id_of_version, std::move(stop));
    if (page.items.empty()) co_return std::nullopt;
    co_return page.items.front();
}

}  // namespace aml::azure
