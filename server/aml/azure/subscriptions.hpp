#pragma once

#include "azure/client.hpp"
#include "azure/page.hpp"

#include <string>

namespace aml::azure {

struct Tenant {
    std::string tenant_id{};
    std::string display_name{};
    std::string default_domain{};
};

struct Subscription {
    std::string subscription_id{};
    std::string display_name{};
    std::string tenant_id{};
    /// Enabled, Warned, PastDue, Disabled, Deleted, or text Azure added later.
    std::string state{};

    /// Whether its resources can be read: Enabled, Warned or PastDue.
    bool readable() const;
};

struct ResourceGroup {
    ResourceId id{};
    std::string name{};
    std::string location{};
};

namespace tenants {
/// The tenants that the account belongs to. Source: Tenants - List, 2022-12-01.
asio::awaitable<Page<Tenant>> list(Client& client, Identity identity, std::stop_token stop);
}  // namespace tenants

namespace subscriptions {
/// Those that `identity` sees in its tenant. Source: Subscriptions - List, 2022-12-01.
asio::awaitable<Page<Subscription>> list(Client& client, Identity identity, std::stop_token stop);
}  // namespace subscriptions

namespace resource_groups {
/// Source: Resource Groups - List, 2021-04-01.
asio::awaitable<Page<ResourceGroup>> list(Client& client,
                                          std::string subscription,
                                          std::stop_token stop);
}  // namespace resource_groups

}  // namespace aml::azure
