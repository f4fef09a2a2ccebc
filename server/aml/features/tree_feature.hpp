#pragma once

#include "features/commands_feature.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"
#include "rpc/router.hpp"
#include "runs/run_filter.hpp"
#include "tree/tree_node.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace aml::features {

/// The sidebar: `tree/children`, `tree/details`, `tree/tooltip`, `tree/didChange`, `tree/reveal`,
/// and the commands of the view (`azureml.refresh`, `azureml.filterRuns`, `azureml.arrangeRuns`,
/// `azureml.selectSubscriptions`) and of its rows: `azureml.tree.refresh`, `azureml.tree.retry`,
/// `azureml.loadMore`, `azureml.openInPortal`, `azureml.run.openInPortal`, `azureml.copyName`,
/// `azureml.copyId`, `azureml.copyLink` and `azureml.run.cancel`.
class TreeFeature final {
public:
    TreeFeature(Services& services, UiFeature& ui);

    void bind(rpc::Router& router, CommandsFeature& commands);

    /// `handler` is called when the user refreshes the tree or a row of it.
    void on_refresh(std::function<void()> handler) { on_refresh_ = std::move(handler); }

    /// Shows the runs on this computer, of which there may be the first, as they are now.
    asio::awaitable<void> show_here();

    /// Asks the client to show a run in the tree; a client that cannot is left alone. Never waits.
    void reveal_run(const azure::ResourceId& job, const std::string& experiment);

private:
    asio::awaitable<protocol::TreeChildrenResult> children(protocol::TreeChildrenParams params,
                                                           rpc::RequestContext& context);
    asio::awaitable<protocol::TreeDetailsResult> details(protocol::TreeDetailsParams params,
                                                         rpc::RequestContext& context);
    asio::awaitable<protocol::TreeTooltipResult> tooltip(protocol::TreeTooltipParams params,
                                                         rpc::RequestContext& context);
    /// How the main metric of a run develops, in words; empty when that is not known.
    asio::awaitable<std::string> trend_of(AzureSession& session,
                                          azure::ResourceId job,
                                          std::stop_token stop);
    asio::awaitable<protocol::Json> refresh(std::string id);
    asio::awaitable<protocol::Json> load_more(CommandCall call);
    asio::awaitable<protocol::Json> open_in_portal(CommandCall call);
    asio::awaitable<protocol::Json> copy_name(CommandCall call);
    asio::awaitable<protocol::Json> copy_id(CommandCall call);
    asio::awaitable<protocol::Json> copy_link(CommandCall call);
    asio::awaitable<protocol::Json> copy(std::string text, std::stop_token stop);
    /// Throws: NotFound when the tree has no such row.
    tree::TreeNode row_of(const std::string& id) const;
    /// Throws: NotFound when the row has no page.
    asio::awaitable<std::string> portal_url(std::string id, std::stop_token stop);
    asio::awaitable<protocol::Json> cancel_run(CommandCall call);
    asio::awaitable<protocol::Json> filter_runs(CommandCall call);
    asio::awaitable<protocol::Json> arrange_runs(CommandCall call);
    /// Has the tree of a session show runs as they were arranged last for this folder, once.
    asio::awaitable<void> recall_arrangement(std::shared_ptr<AzureSession> session);
    std::string folder_key() const;
    asio::awaitable<protocol::Json> select_subscriptions(CommandCall call);
    asio::awaitable<std::optional<runs::RunFilter>> ask_filter(runs::RunFilter now,
                                                               std::stop_token stop);
    asio::awaitable<void> reveal(protocol::TreeRevealParams params);

    Services& services_;
    std::function<void()> on_refresh_;
    UiFeature& ui_;
    bool shown_ = false;
    /// By job, of runs that are over.
    std::map<azure::ResourceId, std::string> trends_;
    /// Whose tree knows the arrangement.
    std::weak_ptr<AzureSession> arranged_;
};

}  // namespace aml::features
