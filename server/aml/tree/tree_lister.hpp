#pragma once

#include "tree/run_arrangement.hpp"
#include "tree/tree_lists.hpp"
#include "tree/tree_node.hpp"
#include "workspace/azure_access.hpp"

#include <set>
#include <stop_token>
#include <string>

namespace aml::tree {

/// Asks Azure for what stands under a row. Keeps references to what it is constructed with.
class TreeLister final {
public:
    explicit TreeLister(workspace::AzureAccess& access);

    /// The top of the tree: subscriptions without those that `hidden` holds (ids in lower case),
    /// and tenants that could not be asked. Throws: as `list_directory` and `AzureAccess::connect`.
    asio::awaitable<TreePage> top(std::set<std::string> hidden, std::stop_token stop);
    /// What stands under a row that has rows: not a workspace's folders, which are always the same.
    /// `experiment` is that of the runs below a row, and `selection` says which. Throws as above;
    /// NotFound for a row that has none.
    asio::awaitable<TreePage> under(TreeAddress address,
                                    std::string experiment,
                                    RunSelection selection,
                                    std::stop_token stop);

    /// The page in Azure ML studio of a workspace or of a thing in it: of a run the one that Azure
    /// names. Throws as above.
    asio::awaitable<std::string> page_of(TreeAddress address, std::stop_token stop);

private:
    workspace::AzureAccess& access_;
    Portals portals_;
};

}  // namespace aml::tree
