#include "arm/subscriptions.hpp"

#include "arm/locations.hpp"
#include "core/tenants.hpp"
#include "core/text.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::emulator {
namespace {

constexpr std::string_view ml_provider = "Microsoft.MachineLearningServices";

std::string tenant_of(const Site& site, const Subscription& subscription) {
    const auto& context = site.context;
    return context.tenants.of_subscription(subscription.id, context.identity.tenant_id);
}

json subscription_json(const Subscription& subscription, const std::string& tenant) {
    return {{"id", "/subscriptions/" + subscription.id},
            {"subscriptionId", subscription.id},
            {"tenantId", tenant},
            {"displayName", subscription.display_name},
            {"state", subscription.state},
            {"subscriptionPolicies",
             {{"locationPlacementId", "Public_2014-09-01"},
              {"quotaId", "PayAsYouGo_2014-09-01"},
              {"spendingLimit", "Off"}}},
            {"authorizationSource", "RoleBased"},
            {"managedByTenants", json::array()},
            {"tags", json::object()}};
}

json group_json(const ResourceGroup& group) {
    return {
        {"id", fmt::format("/subscriptions/{}/resourceGroups/{}", group.subscription, group.name)},
        {"name", group.name},
        {"type", "Microsoft.Resources/resourceGroups"},
        {"location", group.location},
        {"tags", group.tags},
        {"properties", {{"provisioningState", "Succeeded"}}}};
}

json provider_json(const std::string& subscription) {
    std::vector<std::string_view> places;
    for (const auto& region : regions()) places.push_back(region.display_name);
    json types = json::array();
    for (const auto* type : {"workspaces",
                             "workspaces/computes",
                             "workspaces/jobs",
                             "workspaces/environments",
                             "workspaces/datastores",
                             "workspaces/models",
                             "workspaces/data",
                             "workspaces/codes",
                             "workspaces/onlineEndpoints",
                             "workspaces/batchEndpoints",
                             "locations",
                             "locations/vmSizes",
                             "locations/usages",
                             "locations/quotas"}) {
        types.push_back({{"resourceType", type},
                         {"locations", places},
                         {"apiVersions", ml_versions().supported},
                         {"capabilities", "None"}});
    }
    return {{"id", fmt::format("/subscriptions/{}/providers/{}", subscription, ml_provider)},
            {"namespace", ml_provider},
            {"registrationPolicy", "RegistrationRequired"},
            {"registrationState", "Registered"},
            {"resourceTypes", types}};
}

/// The type of `resourceType eq '…'`; absent for any other filter.
std::optional<std::string> resource_type_filter(std::string_view filter) {
    const auto skip = [&](std::string_view word) {
        filter.remove_prefix(std::min(filter.find_first_not_of(' '), filter.size()));
        if (!starts_with_text(filter, word)) return false;
        filter.remove_prefix(word.size());
        return true;
    };
    if (!skip("resourceType") || !skip("eq") || !skip("'")) return std::nullopt;
    const auto end = filter.find('\'');
    if (end == std::string_view::npos ||
        filter.find_first_not_of(' ', end + 1) != std::string_view::npos)
        return std::nullopt;
    return std::string(filter.substr(0, end));
}

}  // namespace

void Subscriptions::add_routes() {
    auto& router = site_.router;
    Route metadata;
    metadata.method = "GET";
    metadata.pattern = "/metadata/endpoints";
    metadata.auth = Auth::None;
    static const ApiVersions metadata_versions{"",
                                               {"2015-01-01",
                                                "2018-05-01",
                                                "2019-05-01",
                                                "2019-10-01",
                                                "2020-06-01",
                                                "2021-12-01",
                                                "2022-09-01",
                                                "2023-11-01"}};
    metadata.versions = &metadata_versions;
    metadata.handler = [this](const Request& request) { return cloud_metadata(request); };
    router.add(std::move(metadata));

    RouteTable subscriptions(router, subscription_versions());
    RouteTable resources(router, resources_versions());
    const std::string one(subscription_path);
    const std::string group(group_path);
    subscriptions.add("GET", "/tenants", this, &Subscriptions::tenants);
    subscriptions.add("GET", "/subscriptions", this, &Subscriptions::list);
    subscriptions.add("GET", one, this, &Subscriptions::get);
    subscriptions.add("GET", one + "/locations", this, &Subscriptions::locations);
    resources.add("GET", one + "/providers", this, &Subscriptions::providers);
    resources.add("GET", one + "/providers/{provider}", this, &Subscriptions::provider);
    resources.add("POST", one + "/providers/{provider}/register", this, &Subscriptions::provider);
    resources.add("GET", one + "/resourceGroups", this, &Subscriptions::list_groups);
    resources.add("GET", one + "/resources", this, &Subscriptions::list_resources);
    resources.add("GET", group, this, &Subscriptions::get_group);
    resources.add("PUT", group, this, &Subscriptions::put_group);
    resources.add("DELETE", group, this, &Subscriptions::delete_group);
    resources.add("GET", group + "/resources", this, &Subscriptions::list_resources);
}

Reply Subscriptions::cloud_metadata(const Request& request) {
    const auto& base = request.base_url;
    const auto host = base.substr(base.find("//") + 2);
    json cloud{
        {"name", "AzureMLEmulator"},
        {"portal", base},
        {"authentication",
         {{"loginEndpoint", base},
          {"audiences",
           {base + "/", "https://management.core.windows.net/", "https://management.azure.com/"}},
          {"tenant", "common"},
          {"identityProvider", "AAD"}}},
        {"media", base},
        {"graphAudience", "https://graph.windows.net/"},
        {"graph", "https://graph.windows.net/"},
        {"suffixes",
         {{"storage", "core.localhost" + host.substr(host.find(':'))},
          {"acrLoginServer", "localhost"},
          {"keyVaultDns", "localhost"},
          {"sqlServerHostname", "localhost"},
          {"storageSyncEndpointSuffix", "localhost"},
          {"mhsmDns", "localhost"},
          {"azureDataLakeStoreFileSystem", "localhost"},
          {"azureDataLakeAnalyticsCatalogAndJob", "localhost"}}},
        {"batch", base},
        {"resourceManager", base + "/"},
        {"vmImageAliasDoc", ""},
        {"sqlManagement", base + "/"},
        {"microsoftGraphResourceId", "https://graph.microsoft.com/"},
        {"activeDirectoryDataLake", "https://datalake.azure.net/"},
        {"appInsightsResourceId", base},
        {"appInsightsTelemetryChannelResourceId", base},
        {"attestationResourceId", base},
        {"synapseAnalyticsResourceId", base},
        {"logAnalyticsResourceId", base},
        {"ossrDbmsResourceId", base},
        {"azureMachineLearning", {{"studio", base}, {"audience", "https://ml.azure.com"}}}};
    // Versions between 2019 and 2021 answered with a list of clouds.
    const auto& version = request.query.get("api-version");
    const bool is_list = version >= "2019-05-01" && version < "2022-09-01";
    return Reply::of_json(is_list ? json::array({cloud}) : cloud);
}

Reply Subscriptions::tenants(const Request& request) {
    const auto& identity = site_.context.identity;
    const auto domain =
        identity.user_principal_name.substr(identity.user_principal_name.find('@') + 1);
    std::vector<Tenant> all{{identity.tenant_id, "Demo", domain}};
    // Only a person is a guest elsewhere.
    if (request.caller.type == "User") {
        auto others = site_.context.tenants.all();
        for (auto& tenant : others) all.push_back(std::move(tenant));
    }
    std::vector<json> items;
    for (const auto& tenant : all) {
        const bool home = tenant.id == request.caller.tenant;
        items.push_back({{"id", "/tenants/" + tenant.id},
                         {"tenantId", tenant.id},
                         {"countryCode", "US"},
                         {"displayName", tenant.name},
                         {"domains", json::array({tenant.domain})},
                         {"tenantCategory", home ? "Home" : "ProjectedBy"},
                         {"defaultDomain", tenant.domain},
                         {"tenantType", "AAD"}});
    }
    return page_reply(request, std::move(items), std::nullopt);
}

Reply Subscriptions::list(const Request& request) {
    auto all = site_.directory.subscriptions();
    std::erase_if(all, [&](const Subscription& subscription) {
        return !same_text(tenant_of(site_, subscription), request.caller.tenant);
    });
    std::vector<json> items;
    const auto start = static_cast<std::size_t>(skip_position(request));
    const auto end = std::min(all.size(), start + page_length(site_, request));
    for (auto i = start; i < end; ++i)
        items.push_back(subscription_json(all[i], tenant_of(site_, all[i])));
    return page_reply(request,
                      std::move(items),
                      end < all.size() ? std::optional<std::int64_t>(end) : std::nullopt);
}

Reply Subscriptions::get(const Request& request) {
    const auto subscription = require_subscription(site_, request);
    return Reply::of_json(subscription_json(subscription, tenant_of(site_, subscription)));
}

Reply Subscriptions::locations(const Request& request) {
    const auto subscription = require_subscription(site_, request);
    std::vector<json> items;
    for (const auto& region : regions()) items.push_back(region_json(region, subscription.id));
    // Not a list of pages, as the others are.
    return Reply::of_json({{"value", std::move(items)}});
}

Reply Subscriptions::providers(const Request& request) {
    const auto subscription = require_subscription(site_, request);
    return page_reply(request, {provider_json(subscription.id)}, std::nullopt);
}

Reply Subscriptions::provider(const Request& request) {
    const auto subscription = require_subscription(site_, request);
    const auto& name = request.param("provider");
    if (!same_text(name, ml_provider)) {
        throw arm_error(404,
                        "InvalidResourceNamespace",
                        fmt::format("The resource namespace '{}' is invalid.", name));
    }
    return Reply::of_json(provider_json(subscription.id));
}

Reply Subscriptions::list_groups(const Request& request) {
    const auto subscription = require_subscription(site_, request);
    const auto all = site_.directory.groups(subscription.id);
    const auto start = static_cast<std::size_t>(skip_position(request));
    const auto end = std::min(all.size(), start + page_length(site_, request));
    std::vector<json> items;
    for (auto i = start; i < end; ++i) items.push_back(group_json(all[i]));
    return page_reply(request,
                      std::move(items),
                      end < all.size() ? std::optional<std::int64_t>(end) : std::nullopt);
}

Reply Subscriptions::get_group(const Request& request) {
    return Reply::of_json(group_json(require_group(site_, request)));
}

Reply Subscriptions::put_group(const Request& request) {
    const auto subscription = require_subscription(site_, request);
    const auto body = request.json_body();
    ResourceGroup group;
    group.subscription = subscription.id;
    group.name = request.param("group");
    constexpr std::string_view others = "-._()";
    const bool fits = is_name(group.name, 1, 90, others) ||
                      (others.find(group.name.front()) != std::string_view::npos &&
                       is_name("a" + group.name, 2, 91, others));
    if (!fits || group.name.ends_with('.')) {
        throw arm_error(
            400,
            "InvalidResourceGroupName",
            fmt::format("The provided resource group name '{}' is invalid: 1 to 90 letters, "
                        "digits, '-', '.', '_', '(' and ')', and no '.' at its end.",
                        group.name));
    }
    const auto location = text_at(body, "location");
    if (location.empty())
        throw arm_error(
            400, "LocationRequired", "The location property is required for this definition.");
    const auto* region = find_region(location);
    if (region == nullptr) {
        throw arm_error(
            400,
            "LocationNotAvailableForResourceGroup",
            fmt::format("The provided location '{}' is not available for resource group.",
                        location));
    }
    group.location = region->name;
    if (const auto known = site_.directory.find_group(subscription.id, group.name)) {
        if (known->location != group.location) {
            throw arm_error(409,
                            "InvalidResourceGroupLocation",
                            fmt::format("Invalid resource group location '{}'. The Resource group "
                                        "already exists in location '{}'.",
                                        location,
                                        known->location));
        }
        group.name = known->name;
    }
    group.tags = tags_at(body);
    const bool is_new = site_.directory.put(group);
    return Reply::of_json(group_json(group), is_new ? 201 : 200);
}

Reply Subscriptions::delete_group(const Request& request) {
    const auto group = require_group(site_, request);
    if (!site_.context.resources.list_workspaces(group.subscription, group.name, 0, 1).empty()) {
        throw arm_error(
            409,
            "ResourceGroupNotEmpty",
            fmt::format("The resource group '{}' still holds workspaces. Delete them first.",
                        group.name));
    }
    site_.provider_resources.remove_group(group.subscription, group.name);
    site_.directory.remove_group(group.subscription, group.name);
    return Reply::empty(200);
}

Reply Subscriptions::list_resources(const Request& request) {
    require_subscription(site_, request);
    const auto& filter = request.query.get("$filter");
    const auto type = resource_type_filter(filter);
    if (!filter.empty() && !type) {
        throw arm_error(400,
                        "InvalidFilterInQueryString",
                        fmt::format("Invalid $filter '{}' specified in the query string.", filter));
    }
    const bool wanted = !type || same_text(*type, fmt::format("{}/workspaces", ml_provider));
    const auto start = skip_position(request);
    const auto limit = page_length(site_, request);
    std::vector<json> items;
    auto found = wanted ? site_.context.resources.list_workspaces(request.param("subscription"),
                                                                  request.param("group"),
                                                                  static_cast<std::size_t>(start),
                                                                  limit + 1)
                        : std::vector<Workspace>();
    const bool more = found.size() > limit;
    if (more) found.pop_back();
    for (const auto& workspace : found) {
        items.push_back({{"id", workspace.arm_id()},
                         {"name", workspace.name},
                         {"type", fmt::format("{}/workspaces", ml_provider)},
                         {"location", workspace.location},
                         {"kind", workspace.body.value("kind", "Default")},
                         {"tags", workspace.body.value("tags", json::object())}});
    }
    if (!more) {
        for (auto& resource :
             site_.provider_resources.list(request.param("subscription"), request.param("group"))) {
            if (!type || same_text(*type, resource.type))
                items.push_back({{"id", resource.id()},
                                 {"name", resource.name},
                                 {"type", resource.type},
                                 {"location", text_at(resource.body, "location")}});
        }
    }
    return page_reply(
        request,
        std::move(items),
        more ? std::optional(start + static_cast<std::int64_t>(limit)) : std::nullopt);
}

}  // namespace aml::emulator
