#pragma once

#include "azure/subscriptions.hpp"
#include "workspace/azure_access.hpp"

#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::workspace {

/// A tenant whose subscriptions could not be listed.
struct DirectoryProblem {
    azure::Identity identity{};
    /// For people.
    std::string tenant_name{};
    std::string account_name{};
    /// Why, and what to do.
    std::string reason{};
    /// Signing in to this tenant would help.
    bool sign_in_helps = false;
};

/// What somebody can see at the top of Azure.
struct DirectoryListing {
    /// Each once, in no order. `tenant_id` is the subscription's own tenant.
    std::vector<azure::Subscription> subscriptions{};
    std::vector<DirectoryProblem> problems{};
    /// Names by tenant id, lower case; empty for an application, which has one tenant only.
    std::map<std::string, std::string> tenant_names{};
};

/// The subscriptions of every account and tenant that is signed in, asked for side by side; the
/// client asks for each as whoever can see it from then on. A tenant that fails is a problem and
/// hides nothing. An application, and a configured tenant, is asked about that tenant alone.
/// Throws: what the session throws; when nothing could be listed at all, the first reason.
asio::awaitable<DirectoryListing> list_directory(AzureConnection& connection, std::stop_token stop);

}  // namespace aml::workspace
