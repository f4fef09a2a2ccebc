#pragma once

#include "features/recently_used.hpp"
#include "features/services.hpp"
#include "rpc/router.hpp"
#include "views/run_cache.hpp"
#include "views/run_viewer.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::features {

/// What a page about a run shows: `runs/view`, `runs/viewChanges`, `runs/series`, `runs/table`,
/// `runs/file`.
class RunViewFeature final {
public:
    explicit RunViewFeature(Services& services);

    void bind(rpc::Router& router);

private:
    asio::awaitable<protocol::RunView> view(protocol::RunsViewParams params,
                                            rpc::RequestContext& context);
    asio::awaitable<protocol::RunsViewChangesResult> view_changes(
        protocol::RunsViewChangesParams params, rpc::RequestContext& context);
    /// What a page shows once it is newer than `seen`; remembered, so that later only what is
    /// different has to be told.
    asio::awaitable<protocol::RunView> look(std::shared_ptr<views::RunViewer> run,
                                            std::optional<std::uint64_t> seen,
                                            std::stop_token stop);
    asio::awaitable<protocol::RunView> read_view(std::shared_ptr<views::RunViewer> run,
                                                 std::optional<std::uint64_t> seen,
                                                 std::stop_token stop);
    asio::awaitable<protocol::RunsSeriesResult> series(protocol::RunsSeriesParams params,
                                                       rpc::RequestContext& context);
    asio::awaitable<protocol::RunsTableResult> table(protocol::RunsTableParams params,
                                                     rpc::RequestContext& context);
    asio::awaitable<protocol::RunsFileResult> file(protocol::RunsFileParams params,
                                                   rpc::RequestContext& context);
    /// The viewer of a run, which is followed from now on.
    asio::awaitable<std::shared_ptr<views::RunViewer>> open(std::string id, std::stop_token stop);

    /// What the page about a run shows.
    struct Shown {
        std::shared_ptr<views::RunViewer> run;
        std::uint64_t revision = 0;
        protocol::Json view{};
    };

    /// The points of a metric of a run that is over, if they are on the disk.
    struct KeptPoints {
        azure::ResourceId job{};
        std::string metric{};
        std::shared_ptr<const views::MetricHistory> rows{};
        bool is_looked_for = false;
        /// They are on the disk, or nothing is to be done about that any more.
        bool is_kept = false;
    };

    /// The page about a run that this server has not read yet, as it was when the run was over.
    asio::awaitable<std::optional<protocol::RunView>> kept_page(azure::ResourceId job);
    asio::awaitable<std::shared_ptr<KeptPoints>> kept_points(azure::ResourceId job,
                                                             std::string metric);
    asio::awaitable<void> keep_page(std::shared_ptr<const views::RunCache> cache,
                                    azure::ResourceId job,
                                    std::string page);
    asio::awaitable<void> keep_points(std::shared_ptr<const views::RunCache> cache,
                                      azure::ResourceId job,
                                      std::string metric,
                                      std::shared_ptr<const views::MetricHistory> rows);
    /// Whether the run has been over for so long that nothing is logged to it any more.
    bool is_settled(const azure::ResourceId& job) const;
    std::shared_ptr<Shown> shown_of(const std::shared_ptr<views::RunViewer>& run);

    Services& services_;
    std::shared_ptr<const views::RunCache> cache_;
    RecentlyUsed<std::shared_ptr<KeptPoints>> kept_{256};
    /// Of as many pages as anybody has open.
    RecentlyUsed<std::shared_ptr<Shown>> shown_{16};
    /// Their rows stay in memory between requests: of more runs than anybody plots over each other.
    RecentlyUsed<std::shared_ptr<views::RunViewer>> open_{64};
};

}  // namespace aml::features
