#pragma once

#include "features/recently_used.hpp"
#include "features/services.hpp"
#include "rpc/router.hpp"
#include "views/run_viewer.hpp"

#include <memory>
#include <stop_token>
#include <string>

namespace aml::features {

/// What a page about a run shows: `runs/view`, `runs/series`, `runs/table`, `runs/file`.
class RunViewFeature final {
public:
    explicit RunViewFeature(Services& services);

    void bind(rpc::Router& router);

private:
    asio::awaitable<protocol::RunView> view(protocol::RunsViewParams params,
                                            rpc::RequestContext& context);
    asio::awaitable<protocol::RunsSeriesResult> series(protocol::RunsSeriesParams params,
                                                       rpc::RequestContext& context);
    asio::awaitable<protocol::RunsTableResult> table(protocol::RunsTableParams params,
                                                     rpc::RequestContext& context);
    asio::awaitable<protocol::RunsFileResult> file(protocol::RunsFileParams params,
                                                   rpc::RequestContext& context);
    /// The viewer of a run, which is followed from now on.
    asio::awaitable<std::shared_ptr<views::RunViewer>> open(std::string id, std::stop_token stop);

    Services& services_;
    /// Their rows stay in memory between requests: of more runs than anybody plots over each other.
    RecentlyUsed<std::shared_ptr<views::RunViewer>> open_{64};
};

}  // namespace aml::features
