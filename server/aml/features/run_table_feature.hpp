#pragma once

#include "features/azure_session.hpp"
#include "features/services.hpp"
#include "rpc/router.hpp"
#include "views/run_table_reader.hpp"

#include <deque>
#include <memory>
#include <string>

namespace aml::features {

/// The table of the runs of an experiment or a workspace, and what two runs have differently:
/// `runs/query`, `runs/compare`.
class RunTableFeature final {
public:
    explicit RunTableFeature(Services& services);

    void bind(rpc::Router& router);

private:
    /// A table that somebody looks at, and the session that it is read in.
    struct Open {
        // Its reader refers to it.
        std::shared_ptr<AzureSession> session;
        std::shared_ptr<views::RunTableReader> reader;
    };

    asio::awaitable<protocol::RunsQueryResult> query(protocol::RunsQueryParams params,
                                                     rpc::RequestContext& context);
    asio::awaitable<protocol::RunsCompareResult> compare(protocol::RunsCompareParams params,
                                                         rpc::RequestContext& context);
    /// The table that the id of a row of the tree means. Throws: InvalidParams.
    std::shared_ptr<views::RunTableReader> open(const std::string& id);

    Services& services_;
    /// Most recently used last.
    std::deque<Open> open_;
};

}  // namespace aml::features
