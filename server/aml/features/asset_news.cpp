#include "features/asset_news.hpp"

#include "features/azure_session.hpp"
#include "tree/tree_node.hpp"

#include <utility>

namespace aml::features {

asio::awaitable<void> announce_asset(Services& services, UiFeature& ui, AssetNews news) {
    const auto folder = tree::folder_row(news.workspace, news.folder);
    const auto asset = tree::asset_row(news.workspace, news.collection, news.name);
    services.session()->tree.refresh(folder);
    ui::Message message;
    message.text = std::move(news.text);
    message.actions = {news.show_button};
    const auto stop = services.tasks.stop_token();
    const auto pressed = co_await ui.message(std::move(message), stop);
    if (pressed != news.show_button) co_return;
    protocol::TreeRevealParams params;
    params.path = {tree::subscription_row(news.workspace.subscription()),
                   tree::workspace_row(news.workspace),
                   folder,
                   asset,
                   tree::version_row(asset, news.version)};
    co_await services.client.request<protocol::TreeReveal>(std::move(params), stop);
}

}  // namespace aml::features
