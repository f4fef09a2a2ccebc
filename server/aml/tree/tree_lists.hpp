#pragma once

#include "async/asio.hpp"
#include "azure/client.hpp"
#include "runs/run_snapshot.hpp"
#include "tree/run_arrangement.hpp"
#include "tree/tree_node.hpp"
#include "tree/tree_rows.hpp"

#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
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

/// What the lists have said of Azure ML studio: its address for a workspace, and the tenant of a
/// subscription, which links to it name.
class Portals final {
public:
    void learn_tenant(std::string_view subscription, std::string tenant);
    void learn_studio(const azure::ResourceId& workspace, std::string studio);

    /// Empty when it is not known.
    std::string tenant_of(std::string_view subscription) const;
    rows::Portal of(const azure::ResourceId& workspace) const;

private:
    // By the subscription's id in lower case, and by the workspace's key.
    std::map<std::string, std::string> tenants_;
    std::map<std::string, std::string> studios_;
};

/// What a list is asked for with.
struct ListRequest {
    azure::Client& client;
    Portals& portals;
    /// Of the row that the list stands under.
    TreeAddress address;
    /// Of runs: the experiment that they belong to, and which of them.
    std::string experiment{};
    RunSelection selection{};
};

/// The list calls that the table of kinds names: each returns the first page of the rows under a
/// row of its kind. What the request refers to must outlive the call. Throws: what Azure's
/// operation throws.
namespace lists {

asio::awaitable<TreePage> workspaces(ListRequest request, std::stop_token stop);
asio::awaitable<TreePage> experiments(ListRequest request, std::stop_token stop);
asio::awaitable<TreePage> runs(ListRequest request, std::stop_token stop);
/// The parts of a run: trials of a sweep, steps of a pipeline, nested runs of MLflow.
asio::awaitable<TreePage> child_runs(ListRequest request, std::stop_token stop);
asio::awaitable<TreePage> computes(ListRequest request, std::stop_token stop);
asio::awaitable<TreePage> compute_nodes(ListRequest request, std::stop_token stop);
asio::awaitable<TreePage> environments(ListRequest request, std::stop_token stop);
asio::awaitable<TreePage> environment_versions(ListRequest request, std::stop_token stop);
asio::awaitable<TreePage> datastores(ListRequest request, std::stop_token stop);
asio::awaitable<TreePage> data(ListRequest request, std::stop_token stop);
asio::awaitable<TreePage> data_versions(ListRequest request, std::stop_token stop);
asio::awaitable<TreePage> models(ListRequest request, std::stop_token stop);
asio::awaitable<TreePage> model_versions(ListRequest request, std::stop_token stop);
/// Of a folder of a run, and of a folder of a version of a model or of all of it.
asio::awaitable<TreePage> run_files(ListRequest request, std::stop_token stop);
asio::awaitable<TreePage> model_files(ListRequest request, std::stop_token stop);
asio::awaitable<TreePage> endpoints(ListRequest request, std::stop_token stop);

}  // namespace lists

void sort_by_label(std::vector<TreeNode>& nodes);

}  // namespace aml::tree
