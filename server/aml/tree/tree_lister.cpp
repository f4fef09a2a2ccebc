#include "tree/tree_lister.hpp"

#include "azure/jobs.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "workspace/directory.hpp"

#include <algorithm>
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

// What pages of runs have in common.
struct RunListing {
    azure::ResourceId workspace;
    std::string experiment;
    runs::RunFilter filter;
    rows::Portal portal;
};

std::string page_of_run(const rows::Portal& portal, const azure::ResourceId& job) {
    return portal.page(job.workspace(), "/runs/" + job.name());
}

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
        runs::RunSnapshot snapshot;
        snapshot.job = listing->workspace.child("jobs", item.run_id);
        snapshot.experiment = listing->experiment;
        snapshot.studio_url = page_of_run(listing->portal, snapshot.job);
        snapshot = runs::merged(std::move(snapshot), item);
        if (item.hidden || !runs::matches(listing->filter, snapshot)) continue;
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

void sort_by_label(std::vector<TreeNode>& nodes) {
    const auto by_label = [](const TreeNode& left, const TreeNode& right) {
        return lower(left.label) < lower(right.label);
    };
    std::sort(nodes.begin(), nodes.end(), by_label);
}

}  // namespace

TreeLister::TreeLister(workspace::AzureAccess& access)
    : access_(access) {}

asio::awaitable<TreePage> TreeLister::top(std::set<std::string> hidden, std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    const auto listing = co_await list_directory(*connection, stop);
    TreePage page;
    std::size_t readable = 0;
    for (const auto& subscription : listing.subscriptions) {
        tenants_[lower(subscription.subscription_id)] = subscription.tenant_id;
        if (!subscription.readable()) continue;
        ++readable;
        if (hidden.contains(lower(subscription.subscription_id))) continue;
        auto row = rows::subscription(subscription);
        const auto tenant = listing.tenant_names.find(lower(subscription.tenant_id));
        const bool several = listing.tenant_names.size() > 1;
        if (several && tenant != listing.tenant_names.end() && row.description.empty())
            row.description = tenant->second;
        page.nodes.push_back(std::move(row));
    }
    sort_by_label(page.nodes);
    const auto shown = page.nodes.size();
    for (const auto& problem : listing.problems)
        page.nodes.push_back(rows::tenant_problem(problem));
    if (shown < readable) page.nodes.push_back(rows::hidden_subscriptions(shown, readable));
    co_return page;
}

asio::awaitable<TreePage> TreeLister::under(TreeAddress address,
                                            runs::RunFilter filter,
                                            std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    if (address.kind == row_kind::subscription)
        co_return co_await workspaces(client, address.subscription, stop);
    if (address.kind == row_kind::experiments)
        co_return co_await experiments(client, address.workspace, stop);
    if (address.kind == row_kind::experiment) {
        co_return co_await runs(client, address.workspace, address.name, std::move(filter), stop);
    }
    if (address.kind == row_kind::endpoints)
        co_return co_await endpoints(client, address.workspace, stop);
    if (address.name.empty()) co_return co_await assets(client, std::move(address), stop);
    co_return co_await versions(client, std::move(address), stop);
}

asio::awaitable<TreePage> TreeLister::workspaces(azure::Client& client,
                                                 std::string subscription,
                                                 std::stop_token stop) {
    const auto tenant = tenants_.find(lower(subscription));
    const rows::Portal none{.studio = {},
                            .tenant = tenant == tenants_.end() ? std::string() : tenant->second};
    constexpr std::size_t most = 1000;
    auto first =
        co_await azure::workspaces::list_by_subscription(client, std::move(subscription), stop);
    const auto all = co_await azure::collect(std::move(first), stop, most);
    TreePage page;
    for (const auto& workspace : all) page.nodes.push_back(rows::workspace(workspace, none));
    sort_by_label(page.nodes);
    co_return page;
}

asio::awaitable<TreePage> TreeLister::experiments(azure::Client& client,
                                                  azure::ResourceId workspace,
                                                  std::stop_token stop) {
    constexpr std::size_t most = 2000;
    const auto plane = co_await client.data_plane(workspace, stop);
    const auto tenant = tenants_.find(lower(workspace.subscription()));
    portals_[workspace.key()] = {
        .studio = plane.studio,
        .tenant = tenant == tenants_.end() ? std::string() : tenant->second};
    auto first = co_await azure::run_history::query_experiments(client, plane, stop);
    auto all = co_await azure::collect(std::move(first), stop, most);
    const auto newer = [](const azure::Experiment& left, const azure::Experiment& right) {
        return left.created_at > right.created_at;
    };
    std::stable_sort(all.begin(), all.end(), newer);
    const auto here = portal(workspace);
    TreePage page;
    for (const auto& experiment : all) {
        if (!experiment.archived)
            page.nodes.push_back(rows::experiment(workspace, experiment, here));
    }
    co_return page;
}

asio::awaitable<TreePage> TreeLister::runs(azure::Client& client,
                                           azure::ResourceId workspace,
                                           std::string experiment,
                                           runs::RunFilter filter,
                                           std::stop_token stop) {
    const auto plane = co_await client.data_plane(workspace, stop);
    const auto tenant = tenants_.find(lower(workspace.subscription()));
    rows::Portal here{.studio = plane.studio,
                      .tenant = tenant == tenants_.end() ? std::string() : tenant->second};
    azure::RunQuery query;
    query.filter = runs::query_filter(filter);
    auto page =
        co_await azure::run_history::query_runs(client, plane, experiment, std::move(query), stop);
    const auto listing = std::make_shared<const RunListing>(RunListing{
        std::move(workspace), std::move(experiment), std::move(filter), std::move(here)});
    auto rows = to_run_rows(listing, std::move(page));
    while (rows.runs.empty() && rows.next) {
        const auto next = rows.next;
        auto following = co_await next(stop);
        const bool stuck = following.runs.empty();
        rows = std::move(following);
        if (stuck) break;
    }
    co_return rows;
}

asio::awaitable<TreePage> TreeLister::endpoints(azure::Client& client,
                                                azure::ResourceId workspace,
                                                std::stop_token stop) {
    auto first_online = co_await azure::endpoints::list_online(client, workspace, stop);
    const auto online = co_await azure::collect(std::move(first_online), stop);
    auto first_batch = co_await azure::endpoints::list_batch(client, workspace, stop);
    const auto batch = co_await azure::collect(std::move(first_batch), stop);
    TreePage page;
    for (const auto& endpoint : online)
        page.nodes.push_back(rows::endpoint(workspace, "onlineEndpoints", endpoint));
    for (const auto& endpoint : batch)
        page.nodes.push_back(rows::endpoint(workspace, "batchEndpoints", endpoint));
    co_return page;
}

asio::awaitable<TreePage> TreeLister::assets(azure::Client& client,
                                             TreeAddress address,
                                             std::stop_token stop) {
    const auto workspace = address.workspace;
    const auto here = portal(workspace);
    if (address.kind == row_kind::computes) {
        auto first = co_await azure::computes::list(client, workspace, stop);
        ToRow<azure::Compute> row = [workspace, here](const azure::Compute& item) {
            return rows::compute(workspace, item, here);
        };
        co_return to_rows(std::move(first), std::move(row));
    }
    if (address.kind == row_kind::datastores) {
        auto first = co_await azure::datastores::list(client, workspace, stop);
        ToRow<azure::Datastore> row = [workspace](const azure::Datastore& item) {
            return rows::datastore(workspace, item);
        };
        co_return to_rows(std::move(first), std::move(row));
    }
    ToRow<azure::AssetContainer> row;
    azure::Page<azure::AssetContainer> page;
    if (address.kind == row_kind::environments) {
        auto first = co_await azure::environments::list(client, workspace, stop);
        page = std::move(first);
        row = [workspace, here](const azure::AssetContainer& item) {
            return rows::environment(workspace, item, here);
        };
    } else if (address.kind == row_kind::data_assets) {
        auto first = co_await azure::data::list(client, workspace, stop);
        page = std::move(first);
        row = [workspace, here](const azure::AssetContainer& item) {
            return rows::data_asset(workspace, item, here);
        };
    } else {
        auto first = co_await azure::models::list(client, workspace, stop);
        page = std::move(first);
        row = [workspace, here](const azure::AssetContainer& item) {
            return rows::model(workspace, item, here);
        };
    }
    co_return to_rows(std::move(page), std::move(row));
}

asio::awaitable<TreePage> TreeLister::versions(azure::Client& client,
                                               TreeAddress address,
                                               std::stop_token stop) {
    const auto workspace = address.workspace;
    const auto name = address.name;
    const auto here = portal(workspace);
    if (address.kind == row_kind::compute) {
        auto first =
            co_await azure::computes::list_nodes(client, workspace.child("computes", name), stop);
        ToRow<azure::ComputeNode> row = [workspace, name](const azure::ComputeNode& item) {
            return rows::compute_node(workspace, name, item);
        };
        co_return to_rows(std::move(first), std::move(row));
    }
    if (address.kind == row_kind::environment) {
        auto first = co_await azure::environments::list_versions(client, workspace, name, stop);
        ToRow<azure::EnvironmentVersion> row =
            [workspace, name, here](const azure::EnvironmentVersion& item) {
                return rows::environment_version(workspace, name, item, here);
            };
        co_return to_rows(std::move(first), std::move(row));
    }
    const bool is_data = address.kind == row_kind::data_asset;
    if (!is_data && address.kind != row_kind::model)
        throw Error(ErrorKind::NotFound, localize("There is nothing under this row."));
    const std::string type = is_data ? "data" : "models";
    azure::Page<azure::AssetVersion> page;
    if (is_data) {
        auto first = co_await azure::data::list_versions(client, workspace, name, stop);
        page = std::move(first);
    } else {
        auto first = co_await azure::models::list_versions(client, workspace, name, stop);
        page = std::move(first);
    }
    ToRow<azure::AssetVersion> row =
        [workspace, name, type, here](const azure::AssetVersion& item) {
            return rows::asset_version(workspace, type, name, item, here);
        };
    co_return to_rows(std::move(page), std::move(row));
}

rows::Portal TreeLister::portal(const azure::ResourceId& workspace) const {
    const auto found = portals_.find(workspace.key());
    return found == portals_.end() ? rows::Portal{} : found->second;
}

asio::awaitable<std::string> TreeLister::portal_page(azure::ResourceId workspace,
                                                     std::string path,
                                                     std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    const auto plane = co_await connection->client.data_plane(workspace, stop);
    const auto tenant = tenants_.find(lower(workspace.subscription()));
    const rows::Portal here{.studio = plane.studio,
                            .tenant = tenant == tenants_.end() ? std::string() : tenant->second};
    co_return here.page(workspace, path);
}

asio::awaitable<std::string> TreeLister::run_page(azure::ResourceId job, std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    const auto found =
        co_await azure::jobs::find(connection->client, job.workspace(), job.name(), stop);
    const auto tenant = tenants_.find(lower(job.subscription()));
    const std::string tenant_id = tenant == tenants_.end() ? std::string() : tenant->second;
    if (found && !found->studio_url.empty())
        co_return azure::studio_url_for(found->studio_url, tenant_id);
    co_return co_await portal_page(job.workspace(), "/runs/" + job.name(), stop);
}

}  // namespace aml::tree
