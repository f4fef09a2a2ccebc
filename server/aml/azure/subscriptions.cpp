#include "azure/subscriptions.hpp"

#include "azure/page_reader.hpp"
#include "http/url.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace aml::azure {
namespace {

using nlohmann::json;

Tenant read_tenant(const json& item) {
    Tenant tenant;
    tenant.tenant_id = text(item, "tenantId");
    tenant.display_name = text(item, "displayName");
    tenant.default_domain = text(item, "defaultDomain");
    return tenant;
}

Subscription read_subscription(const json& item) {
    Subscription subscription;
    subscription.subscription_id = text(item, "subscriptionId");
    subscription.display_name = text(item, "displayName");
    subscription.tenant_id = text(item, "tenantId");
    subscription.state = text(item, "state");
    return subscription;
}

std::string group_path(const std::string& subscription, const std::string& name) {
    return fmt::format(
        "/subscriptions/{}/resourcegroups/{}", subscription, http::percent_encode(name));
}

ResourceGroup read_group(const json& item) {
    ResourceGroup group;
    group.id = ResourceId::parse(text(item, "id")).value_or(ResourceId());
    group.name = text(item, "name");
    group.location = text(item, "location");
    return group;
}

}  // namespace

bool Subscription::readable() const {
    return same_name(state, "Enabled") || same_name(state, "Warned") || same_name(state, "PastDue");
}

asio::awaitable<Page<Tenant>> tenants::list(Client& client,
                                            Identity identity,
                                            std::stop_token stop) {
    auto request = client.arm(
        http::Method::Get, localize("list the tenants"), "/tenants", api_version::subscriptions);
    request.tenant = std::move(identity.tenant);
    request.account = std::move(identity.account);
    return arm_page<Tenant>(client, std::move(request), read_tenant, std::move(stop));
}

asio::awaitable<Page<Subscription>> subscriptions::list(Client& client,
                                                        Identity identity,
                                                        std::stop_token stop) {
    auto request = client.arm(http::Method::Get,
                              localize("list the subscriptions"),
                              "/subscriptions",
                              api_version::subscriptions);
    request.tenant = std::move(identity.tenant);
    request.account = std::move(identity.account);
    return arm_page<Subscription>(client, std::move(request), read_subscription, std::move(stop));
}

asio::awaitable<Page<ResourceGroup>> resource_groups::list(Client& client,
                                                           std::string subscription,
                                                           std::stop_token stop) {
    auto request = client.arm(http::Method::Get,
                              localize("list the resource groups"),
                              fmt::format("/subscriptions/{}/resourcegroups", subscription),
                              api_version::resource_groups);
    return arm_page<ResourceGroup>(client, std::move(request), read_group, std::move(stop));
}

asio::awaitable<std::optional<ResourceGroup>> resource_groups::find(Client& client,
                                                                    std::string subscription,
                                                                    std::string name,
                                                                    std::stop_token stop) {
    auto request = client.arm(http::Method::Get,
                              localize("read the resource group"),
                              group_path(subscription, name),
                              api_version::resource_groups);
    try {
        const auto answer = co_await client.send(std::move(request), std::move(stop));
        co_return read_group(answer.body);
    } catch (const Error& error) {
        if (!same_name(error.details().azure_code, "ResourceGroupNotFound")) throw;
    }
    co_return std::nullopt;
}

asio::awaitable<ResourceGroup> resource_groups::create(Client& client,
                                                       std::string subscription,
                                                       std::string name,
                                                       std::string location,
                                                       std::stop_token stop) {
    auto request = client.arm(http::Method::Put,
                              localize("create the resource group {}", name),
                              group_path(subscription, name),
                              api_version::resource_groups);
    const json body{{"location", location}};
    set_json(request, body);
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    co_return read_group(answer.body);
}

asio::awaitable<std::vector<std::string>> regions::list(Client& client,
                                                        std::string subscription,
                                                        std::stop_token stop) {
    auto request = client.arm(
        http::Method::Get,
        localize("list the regions"),
        fmt::format("/subscriptions/{}/providers/Microsoft.MachineLearningServices", subscription),
        api_version::resource_groups);
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    std::vector<std::string> names;
    for (const auto& type : member(answer.body, {"resourceTypes"})) {
        if (!same_name(text(type, "resourceType"), "workspaces")) continue;
        for (const auto& location : member(type, {"locations"})) {
            if (location.is_string()) names.push_back(location.get<std::string>());
        }
    }
    std::sort(names.begin(), names.end());
    co_return names;
}

std::string resource_group_name_problem(std::string_view name) {
    if (name.empty() || name.size() > 90)
        return localize("The name of a resource group has 1 to 90 characters.");
    const bool fine = std::all_of(name.begin(), name.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               std::string_view("-._()").find(c) != std::string_view::npos;
    });
    if (!fine || name.ends_with('.')) {
        return localize(
            "The name of a resource group may hold only letters, digits, '-', '.', '_', '(' and "
            "')', and must not end in '.'.");
    }
    return {};
}

}  // namespace aml::azure
