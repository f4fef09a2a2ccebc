#include "arm/registry.hpp"

#include "arm/curated.hpp"
#include "core/text.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::emulator {
namespace {

constexpr std::string_view front_end =
    "/mferp/managementfrontend/subscriptions/{subscription}/resourceGroups/{group}/providers/"
    "Microsoft.MachineLearningServices/registries/"
    "{registry}/environments";

/// When the registry was filled; it does not change.
constexpr const char* created = "2025-01-01T00:00:00.0000000+00:00";

Refused not_in_registry(const Request& request, std::string_view what) {
    return ml_error(request,
                    404,
                    "UserError",
                    fmt::format("{} was not found in the registry.", what),
                    {"NotFound", "NotFoundError"});
}

void check_registry(const Request& request) {
    const auto& name = request.param("registry");
    if (!same_text(name, "azureml")) {
        throw data_error(request,
                         404,
                         "UserError",
                         fmt::format("Registry {} was not found.", name),
                         {"NotFound", "RegistryNotFound"},
                         "registrymanagement");
    }
}

/// In the registry the names have no prefix.
std::string plain_name(const Resource& resource) {
    return resource.name.substr(std::string_view("AzureML-").size());
}

json environment_json(const Resource& resource) {
    auto id = "azureml://registries/azureml/environments/" + plain_name(resource);
    if (!resource.version.empty()) id += "/versions/" + resource.version;
    json shown{{"id", id},
               {"name", resource.version.empty() ? plain_name(resource) : resource.version},
               {"type", resource.type}};
    shown.update(resource.body);
    shown["systemData"] = resource.system_data;
    return shown;
}

CuratedEnvironment require(const Request& request) {
    check_registry(request);
    for (auto& environment : curated_environments(created)) {
        if (same_text(plain_name(environment.container), request.param("name"))) return environment;
    }
    throw not_in_registry(request, "Environment " + request.param("name"));
}

}  // namespace

void Registry::add_routes() {
    static const ApiVersions versions{"Microsoft.MachineLearningServices",
                                      {"2021-10-01-dataplanepreview"}};
    const auto add = [this](std::string pattern,
                            Reply (Registry::*handler)(const Request&),
                            const ApiVersions* checked) {
        Route route;
        route.method = "GET";
        route.pattern = std::move(pattern);
        route.surface = Surface::DataPlane;
        route.versions = checked;
        route.handler = [this, handler](const Request& request) {
            return (this->*handler)(request);
        };
        site_.router.add(std::move(route));
    };
    const std::string all(front_end);
    add("/registrymanagement/v1.0/registries/{registry}/discovery", &Registry::discover, nullptr);
    add(all, &Registry::list, &versions);
    add(all + "/{name}", &Registry::get, &versions);
    add(all + "/{name}/versions", &Registry::list_versions, &versions);
    add(all + "/{name}/versions/{version}", &Registry::get_version, &versions);
}

Reply Registry::discover(const Request& request) {
    check_registry(request);
    const auto& identity = site_.context.identity;
    return Reply::of_json(
        {{"registryId", identity.application_object_id},
         {"registryName", "azureml"},
         {"tenantId", identity.tenant_id},
         {"primaryRegion", identity.location},
         {"regions", json::array({identity.location})},
         {"subscriptionId", identity.subscription_id},
         {"resourceGroup", "registry-builtin"},
         {"workspaceName", nullptr},
         {"primaryRegionResourceProviderUri", request.base_url + "/"},
         {"registryFqdns", {{identity.location, {{"uri", request.base_url + "/"}}}}},
         {"intellectualPropertyPublisher", nullptr}});
}

Reply Registry::list(const Request& request) {
    check_registry(request);
    const auto all = curated_environments(created);
    const auto start = static_cast<std::size_t>(skip_position(request));
    const auto end = std::min(all.size(), start + page_length(site_, request));
    std::vector<json> items;
    for (auto i = start; i < end; ++i) items.push_back(environment_json(all[i].container));
    return page_reply(request,
                      std::move(items),
                      end < all.size() ? std::optional<std::int64_t>(end) : std::nullopt);
}

Reply Registry::get(const Request& request) {
    return Reply::of_json(environment_json(require(request).container));
}

Reply Registry::list_versions(const Request& request) {
    return page_reply(request, {environment_json(require(request).version)}, std::nullopt);
}

Reply Registry::get_version(const Request& request) {
    const auto environment = require(request);
    if (environment.version.version != request.param("version"))
        throw not_in_registry(
            request,
            fmt::format(
                "Version {} of environment {}", request.param("version"), request.param("name")));
    return Reply::of_json(environment_json(environment.version));
}

}  // namespace aml::emulator
