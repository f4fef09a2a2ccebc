#pragma once

#include "azure/client.hpp"
#include "azure/page.hpp"

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

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

namespace regions {
/// Names for people ("East US") of the regions that offer workspaces to the subscription.
/// Source: Providers - Get, 2021-04-01.
asio::awaitable<std::vector<std::string>> list(Client& client,
                                               std::string subscription,
                                               std::stop_token stop);
}  // namespace regions

namespace resource_groups {
/// Source: Resource Groups - List, 2021-04-01.
asio::awaitable<Page<ResourceGroup>> list(Client& client,
                                          std::string subscription,
                                          std::stop_token stop);
/// Source: Resource Groups - Get, 2021-04-01.
asio::awaitable<std::optional<ResourceGroup>> find(Client& client,
                                                   std::string subscription,
                                                   std::string name,
                                                   std::stop_token stop);
/// Safe to repeat. Throws: Rejected (name, region), Forbidden, Conflict (there in another region).
/// Source: Resource Groups - Create Or Update, 2021-04-01.
asio::awaitable<ResourceGroup> create(Client& client,
                                      std::string subscription,
                                      std::string name,
                                      std::string location,
                                      std::stop_token stop);
}  // namespace resource_groups

/// Empty when `name` may name a resource group, else one sentence saying what is wrong.
/// Source: Resource Groups - Create Or Update: `^[-\w\._\(\)]+$`, at most 90 characters.
std::string resource_group_name_problem(std::string_view name);

}  // namespace aml::azure
