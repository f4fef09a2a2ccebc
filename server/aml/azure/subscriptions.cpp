#include "azure/subscriptions.hpp"

#include "azure/page_reader.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

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

}  // namespace aml::azure
