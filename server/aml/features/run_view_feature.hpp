#pragma once

#include "azure/resource_id.hpp"
#include "features/azure_session.hpp"
#include "features/services.hpp"
#include "rpc/router.hpp"
#include "views/run_viewer.hpp"

#include <deque>
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
    /// A run that somebody looks at, and the session that it is read in.
    struct Open {
        // Its viewer refers to it.
        std::shared_ptr<AzureSession> session;
        std::shared_ptr<views::RunViewer> viewer;
    };

    asio::awaitable<protocol::RunView> view(protocol::RunsViewParams params,
                                            rpc::RequestContext& context);
    asio::awaitable<protocol::RunsSeriesResult> series(protocol::RunsSeriesParams params,
                                                       rpc::RequestContext& context);
    asio::awaitable<protocol::RunsTableResult> table(protocol::RunsTableParams params,
                                                     rpc::RequestContext& context);
    asio::awaitable<protocol::RunsFileResult> file(protocol::RunsFileParams params,
                                                   rpc::RequestContext& context);
    /// The viewer of a run, which is followed from now on.
    asio::awaitable<Open> open(std::string id, std::stop_token stop);

    Services& services_;
    /// Most recently used last.
    std::deque<Open> open_;
};

}  // namespace aml::features
