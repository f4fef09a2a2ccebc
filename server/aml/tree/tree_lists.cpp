#include "tree/tree_lists.hpp"

#include "azure/mlflow.hpp"
#include "runs/run_metrics.hpp"
#include "runs/run_reader.hpp"
#include "support/text.hpp"
#include "tree/tree_kinds.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace aml::tree {
namespace {

template <typename T>
using ToRow = std::function<TreeNode(const T&)>;

template <typename T>
TreePage to_rows(azure::Page<T> page, ToRow<T> row);

template <typename T>
asio::awaitable<TreePage> next_rows(std::shared_ptr<azure::Page<T>> page,
                                    ToRow<T> row,
                                    std::stop_token stop) {
    auto following = co_await page->next(std::move(stop));
    co_return to_rows<T>(std::move(following), std::move(row));
}

template <typename T>
TreePage to_rows(azure::Page<T> page, ToRow<T> row) {
    TreePage rows;
    rows.nodes.reserve(page.items.size());
    for (const auto& item : page.items) rows.nodes.push_back(row(item));
    if (!page.has_next()) return rows;
    page.items.clear();
    auto rest = std::make_shared<azure::Page<T>>(std::move(page));
    rows.next = [rest, row = std::move(row)](std::stop_token stop) {
        return next_rows<T>(rest, row, std::move(stop));
    };
    return rows;
}

// The rows of a list that is one collection in Azure.
template <typename T>
asio::awaitable<TreePage> list_rows(asio::awaitable<azure::Page<T>> first, ToRow<T> row) {
    auto page = co_await std::move(first);
    co_return to_rows<T>(std::move(page), std::move(row));
}

// What pages of runs have in common.
struct RunListing {
    azure::ResourceId workspace;
    std::string experiment;
    runs::RunFilter filter;
    rows::Portal portal;
};

TreePage to_run_rows(const std::shared_ptr<const RunListing>& listing,
                     azure::Page<azure::Run> page);

// Follows pages until one has a run to show: a text can only be looked for here, and an empty page
// says nothing.
asio::awaitable<TreePage> next_run_rows(std::shared_ptr<const RunListing> listing,
                                        std::shared_ptr<azure::Page<azure::Run>> page,
                                        std::stop_token stop) {
    constexpr int most_pages = 20;
    auto current = co_await page->next(stop);
    for (int pages = 1;; ++pages) {
        auto rows = to_run_rows(listing, current);
        if (!rows.runs.empty() || !rows.next || pages == most_pages) co_return rows;
        auto following = co_await current.next(stop);
        current = std::move(following);
    }
}

TreePage to_run_rows(const std::shared_ptr<const RunListing>& listing,
                     azure::Page<azure::Run> page) {
    TreePage rows;
    for (const auto& item : page.items) {
        auto snapshot = runs::run_of(listing->workspace, item, listing->experiment);
        if (item.hidden || !runs::matches(listing->filter, snapshot)) continue;
        snapshot.studio_url = listing->portal.page(
            listing->workspace, page_path(kind_of(row_kind::active_run), item.run_id));
        rows.runs.push_back(std::move(snapshot));
    }
    if (!page.has_next()) return rows;
    page.items.clear();
    auto rest = std::make_shared<azure::Page<azure::Run>>(std::move(page));
    rows.next = [listing, rest](std::stop_token stop) {
        return next_run_rows(listing, rest, std::move(stop));
    };
    return rows;
}

/// The last metrics of the runs of an experiment, as far as one call tells them.
asio::awaitable<void> add_metrics(azure::Client& client,
                                  azure::DataPlane plane,
                                  std::string experiment_id,
                                  std::vector<aml::runs::RunSnapshot>& runs,
                                  std::stop_token stop) {
    constexpr int most_runs = 1000;
    std::map<std::string, std::map<std::string, double>> logged;
    std::vector<std::string> experiments{std::move(experiment_id)};
    auto page = co_await azure::mlflow::search_runs(
        client, std::move(plane), std::move(experiments), most_runs, std::move(stop));
    for (auto& run : page.items) logged[lower(run.run_id)] = std::move(run.metrics);
    for (auto& run : runs) {
        for (const auto& [name, number] : logged[lower(run.job.name())]) {
            run.metrics.push_back(
                {.name = name, .value = aml::runs::number_text(number), .number = number});
        }
    }
}

/// The runs of an experiment below `parent`, or those that are no part of another.
asio::awaitable<TreePage> query_runs(ListRequest request,
                                     std::string parent,
                                     std::stop_token stop) {
    constexpr int largest_page = 500;
    const auto workspace = request.address.workspace;
    const auto order = request.selection.arrangement.order;
    auto& client = request.client;
    const auto plane = co_await client.data_plane(workspace, stop);
    request.portals.learn_studio(workspace, plane.studio);
    azure::RunQuery query;
    query.filter = aml::runs::query_filter(request.selection.filter, parent);
    if (order == RunOrder::Oldest) query.order_by = "CreatedUtc asc";
    if (!is_order_of_azure(order)) query.top = largest_page;
    auto page = co_await azure::run_history::query_runs(
        client, plane, request.experiment, std::move(query), stop);
    const auto experiment_id = page.items.empty() ? std::string() : page.items[0].experiment_id;
    auto portal = request.portals.of(workspace);
    RunListing shared{workspace, request.experiment, request.selection.filter, std::move(portal)};
    const auto listing = std::make_shared<const RunListing>(std::move(shared));
    auto rows = to_run_rows(listing, std::move(page));
    while (rows.runs.empty() && rows.next) {
        const auto next = rows.next;
        auto following = co_await next(stop);
        const bool is_stuck = following.runs.empty();
        rows = std::move(following);
        if (is_stuck) break;
    }
    if (needs_metrics(order) && !experiment_id.empty())
        co_await add_metrics(client, plane, experiment_id, rows.runs, std::move(stop));
    co_return rows;
}

}  // namespace

void sort_by_label(std::vector<TreeNode>& nodes) {
    const auto by_label = [](const TreeNode& left, const TreeNode& right) {
        return lower(left.label) < lower(right.label);
    };
    std::sort(nodes.begin(), nodes.end(), by_label);
}

void Portals::learn_tenant(std::string_view subscription, std::string tenant) {
    tenants_[lower(subscription)] = std::move(tenant);
}

void Portals::learn_studio(const azure::ResourceId& workspace, std::string studio) {
    studios_[workspace.key()] = std::move(studio);
}

std::string Portals::tenant_of(std::string_view subscription) const {
    const auto tenant = tenants_.find(lower(subscription));
    return tenant == tenants_.end() ? std::string() : tenant->second;
}

rows::Portal Portals::of(const azure::ResourceId& workspace) const {
    const auto studio = studios_.find(workspace.key());
    return {.studio = studio == studios_.end() ? std::string() : studio->second,
            .tenant = tenant_of(workspace.subscription())};
}

namespace lists {

asio::awaitable<TreePage> workspaces(ListRequest request, std::stop_token stop) {
    constexpr std::size_t most = 1000;
    const auto subscription = request.address.subscription;
    const rows::Portal portal{.studio = {}, .tenant = request.portals.tenant_of(subscription)};
    auto first =
        co_await azure::workspaces::list_by_subscription(request.client, subscription, stop);
    const auto all = co_await azure::collect(std::move(first), stop, most);
    TreePage page;
    for (const auto& workspace : all) page.nodes.push_back(rows::workspace(workspace, portal));
    sort_by_label(page.nodes);
    co_return page;
}

asio::awaitable<TreePage> experiments(ListRequest request, std::stop_token stop) {
    constexpr std::size_t most = 2000;
    const auto workspace = request.address.workspace;
    const auto plane = co_await request.client.data_plane(workspace, stop);
    request.portals.learn_studio(workspace, plane.studio);
    auto first = co_await azure::run_history::query_experiments(request.client, plane, stop);
    auto all = co_await azure::collect(std::move(first), stop, most);
    const auto newer = [](const azure::Experiment& left, const azure::Experiment& right) {
        return left.created_at > right.created_at;
    };
    std::stable_sort(all.begin(), all.end(), newer);
    const auto portal = request.portals.of(workspace);
    TreePage page;
    for (const auto& experiment : all) {
        if (!experiment.archived)
            page.nodes.push_back(rows::experiment(workspace, experiment, portal));
    }
    co_return page;
}

asio::awaitable<TreePage> runs(ListRequest request, std::stop_token stop) {
    return query_runs(std::move(request), {}, std::move(stop));
}

asio::awaitable<TreePage> child_runs(ListRequest request, std::stop_token stop) {
    // All parts of a run that is shown are shown.
    request.selection.filter = {};
    auto parent = request.address.name;
    return query_runs(std::move(request), std::move(parent), std::move(stop));
}

asio::awaitable<TreePage> computes(ListRequest request, std::stop_token stop) {
    const auto& workspace = request.address.workspace;
    ToRow<azure::Compute> row =
        [workspace, portal = request.portals.of(workspace)](const azure::Compute& item) {
            return rows::compute(workspace, item, portal);
        };
    return list_rows<azure::Compute>(
        azure::computes::list(request.client, workspace, std::move(stop)), std::move(row));
}

asio::awaitable<TreePage> compute_nodes(ListRequest request, std::stop_token stop) {
    const auto& workspace = request.address.workspace;
    const auto& name = request.address.name;
    ToRow<azure::ComputeNode> row = [workspace, name](const azure::ComputeNode& item) {
        return rows::compute_node(workspace, name, item);
    };
    auto compute = workspace.child("computes", name);
    return list_rows<azure::ComputeNode>(
        azure::computes::list_nodes(request.client, std::move(compute), std::move(stop)),
        std::move(row));
}

asio::awaitable<TreePage> environments(ListRequest request, std::stop_token stop) {
    const auto& workspace = request.address.workspace;
    ToRow<azure::AssetContainer> row =
        [workspace, portal = request.portals.of(workspace)](const azure::AssetContainer& item) {
            return rows::environment(workspace, item, portal);
        };
    return list_rows<azure::AssetContainer>(
        azure::environments::list(request.client, workspace, std::move(stop)), std::move(row));
}

asio::awaitable<TreePage> environment_versions(ListRequest request, std::stop_token stop) {
    const auto& workspace = request.address.workspace;
    const auto& name = request.address.name;
    ToRow<azure::EnvironmentVersion> row =
        [workspace, name, portal = request.portals.of(workspace)](
            const azure::EnvironmentVersion& item) {
            return rows::environment_version(workspace, name, item, portal);
        };
    return list_rows<azure::EnvironmentVersion>(
        azure::environments::list_versions(request.client, workspace, name, std::move(stop)),
        std::move(row));
}

asio::awaitable<TreePage> datastores(ListRequest request, std::stop_token stop) {
    const auto& workspace = request.address.workspace;
    ToRow<azure::Datastore> row = [workspace](const azure::Datastore& item) {
        return rows::datastore(workspace, item);
    };
    return list_rows<azure::Datastore>(
        azure::datastores::list(request.client, workspace, std::move(stop)), std::move(row));
}

asio::awaitable<TreePage> data(ListRequest request, std::stop_token stop) {
    const auto& workspace = request.address.workspace;
    ToRow<azure::AssetContainer> row =
        [workspace, portal = request.portals.of(workspace)](const azure::AssetContainer& item) {
            return rows::data_asset(workspace, item, portal);
        };
    return list_rows<azure::AssetContainer>(
        azure::data::list(request.client, workspace, std::move(stop)), std::move(row));
}

asio::awaitable<TreePage> data_versions(ListRequest request, std::stop_token stop) {
    const auto& workspace = request.address.workspace;
    const auto& name = request.address.name;
    ToRow<azure::AssetVersion> row =
        [workspace, name, portal = request.portals.of(workspace)](const azure::AssetVersion& item) {
            return rows::data_version(workspace, name, item, portal);
        };
    return list_rows<azure::AssetVersion>(
        azure::data::list_versions(request.client, workspace, name, std::move(stop)),
        std::move(row));
}

asio::awaitable<TreePage> models(ListRequest request, std::stop_token stop) {
    const auto& workspace = request.address.workspace;
    ToRow<azure::AssetContainer> row =
        [workspace, portal = request.portals.of(workspace)](const azure::AssetContainer& item) {
            return rows::model(workspace, item, portal);
        };
    return list_rows<azure::AssetContainer>(
        azure::models::list(request.client, workspace, std::move(stop)), std::move(row));
}

asio::awaitable<TreePage> model_versions(ListRequest request, std::stop_token stop) {
    const auto& workspace = request.address.workspace;
    const auto& name = request.address.name;
    ToRow<azure::AssetVersion> row =
        [workspace, name, portal = request.portals.of(workspace)](const azure::AssetVersion& item) {
            return rows::model_version(workspace, name, item, portal);
        };
    return list_rows<azure::AssetVersion>(
        azure::models::list_versions(request.client, workspace, name, std::move(stop)),
        std::move(row));
}

asio::awaitable<TreePage> endpoints(ListRequest request, std::stop_token stop) {
    const auto workspace = request.address.workspace;
    auto first_online = co_await azure::endpoints::list_online(request.client, workspace, stop);
    const auto online = co_await azure::collect(std::move(first_online), stop);
    auto first_batch = co_await azure::endpoints::list_batch(request.client, workspace, stop);
    const auto batch = co_await azure::collect(std::move(first_batch), stop);
    TreePage page;
    for (const auto& endpoint : online)
        page.nodes.push_back(rows::endpoint(workspace, "onlineEndpoints", endpoint));
    for (const auto& endpoint : batch)
        page.nodes.push_back(rows::endpoint(workspace, "batchEndpoints", endpoint));
    co_return page;
}

}  // namespace lists
}  // namespace aml::tree
