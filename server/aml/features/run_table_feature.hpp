#pragma once

#include "features/recently_used.hpp"
#include "features/services.hpp"
#include "rpc/router.hpp"
#include "views/run_table_reader.hpp"

#include <memory>
#include <string>

namespace aml::features {

/// The table of the runs of an experiment or a workspace: `runs/query`, `runs/star`.
class RunTableFeature final {
public:
    explicit RunTableFeature(Services& services);

    void bind(rpc::Router& router);

private:
    asio::awaitable<protocol::RunsQueryResult> query(protocol::RunsQueryParams params,
                                                     rpc::RequestContext& context);
    asio::awaitable<void> star(protocol::RunsStarParams params, rpc::RequestContext& context);
    /// The table that the id of a row of the tree means. Throws: InvalidParams.
    std::shared_ptr<views::RunTableReader> open(const std::string& id);

    Services& services_;
    /// They stay in memory between requests.
    RecentlyUsed<std::shared_ptr<views::RunTableReader>> open_{4};
};

}  // namespace aml::features
