#include "tree/tree_lister.hpp"

#include "azure/jobs.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "tree/tree_kinds.hpp"
#include "workspace/directory.hpp"

#include <utility>

namespace aml::tree {

TreeLister::TreeLister(workspace::AzureAccess& access)
    : access_(access) {}

asio::awaitable<TreePage> TreeLister::top(std::set<std::string> hidden, std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    const auto listing = co_await list_directory(*connection, stop);
    TreePage page;
    std::size_t readable = 0;
    for (const auto& subscription : listing.subscriptions) {
        portals_.learn_tenant(subscription.subscription_id, subscription.tenant_id);
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
                                            std::string experiment,
                                            RunSelection selection,
                                            std::stop_token stop) {
    const auto list = kind_of(address.kind).list;
    if (list == nullptr)
        throw Error(ErrorKind::NotFound, localize("There is nothing under this row."));
    auto* connection = co_await access_.connect(stop);
    ListRequest request{.client = connection->client,
                        .portals = portals_,
                        .address = std::move(address),
                        .experiment = std::move(experiment),
                        .selection = std::move(selection)};
    auto page = list(std::move(request), std::move(stop));
    co_return co_await std::move(page);
}

asio::awaitable<std::string> TreeLister::page_of(TreeAddress address, std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    const bool is_run = address.kind == row_kind::active_run;
    if (is_run) {
        const auto job =
            co_await azure::jobs::find(connection->client, address.workspace, address.name, stop);
        if (job && !job->studio_url.empty()) {
            const auto tenant =
                co_await connection->tenant_of(address.workspace.subscription(), std::move(stop));
            co_return azure::studio_url_for(job->studio_url, tenant);
        }
    }
    const auto plane = co_await connection->client.data_plane(address.workspace, stop);
    portals_.learn_studio(address.workspace, plane.studio);
    const auto path = page_path(kind_of(address.kind), address.name, address.detail);
    co_return portals_.of(address.workspace).page(address.workspace, path);
}

}  // namespace aml::tree
