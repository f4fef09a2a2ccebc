#pragma once

#include "azure/client.hpp"
#include "runs/run_filter.hpp"
#include "runs/run_snapshot.hpp"
#include "tree/tree_node.hpp"
#include "tree/tree_rows.hpp"
#include "workspace/azure_access.hpp"

#include <functional>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::tree {

/// One page of rows, and how to get the next.
struct TreePage {
    using Fetch = std::function<asio::awaitable<TreePage>(std::stop_token)>;

    std::vector<TreeNode> nodes{};
    /// What a page of runs has in place of rows: their rows depend on what is known of them here.
    std::vector<runs::RunSnapshot> runs{};
    /// Empty on the last page.
    Fetch next{};

    std::size_t size() const { return nodes.size() + runs.size(); }
};

/// Asks Azure for what stands under a row. Keeps references to what it is constructed with.
class TreeLister final {
public:
    explicit TreeLister(workspace::AzureAccess& access);

    /// The top of the tree: subscriptions without those that `hidden` holds (ids in lower case),
    /// and tenants that could not be asked. Throws: as `list_directory` and `AzureAccess::connect`.
    asio::awaitable<TreePage> top(std::set<std::string> hidden, std::stop_token stop);
    /// What stands under a row that has rows: not a workspace's folders, which are always the same.
    /// `filter` applies to runs. Throws as above; NotFound for a row that has none.
    asio::awaitable<TreePage> under(TreeAddress address,
                                    runs::RunFilter filter,
                                    std::stop_token stop);

    /// The page of a workspace's thing in Azure ML studio. Throws as above.
    asio::awaitable<std::string> portal_page(azure::ResourceId workspace,
                                             std::string path,
                                             std::stop_token stop);
    /// The page of a run: the one Azure names, else the one its address is built of. Throws as
    /// above.
    asio::awaitable<std::string> run_page(azure::ResourceId job, std::stop_token stop);

private:
    asio::awaitable<TreePage> workspaces(azure::Client& client,
                                         std::string subscription,
                                         std::stop_token stop);
    asio::awaitable<TreePage> experiments(azure::Client& client,
                                          azure::ResourceId workspace,
                                          std::stop_token stop);
    asio::awaitable<TreePage> runs(azure::Client& client,
                                   azure::ResourceId workspace,
                                   std::string experiment,
                                   runs::RunFilter filter,
                                   std::stop_token stop);
    asio::awaitable<TreePage> endpoints(azure::Client& client,
                                        azure::ResourceId workspace,
                                        std::stop_token stop);
    asio::awaitable<TreePage> assets(azure::Client& client,
                                     TreeAddress address,
                                     std::stop_token stop);
    asio::awaitable<TreePage> versions(azure::Client& client,
                                       TreeAddress address,
                                       std::stop_token stop);
    rows::Portal portal(const azure::ResourceId& workspace) const;

    workspace::AzureAccess& access_;
    // Studio and tenant of the workspaces whose data plane was needed, by key.
    std::map<std::string, rows::Portal> portals_;
    // Tenants by subscription.
    std::map<std::string, std::string> tenants_;
};

}  // namespace aml::tree
