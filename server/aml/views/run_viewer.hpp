#pragma once

#include "async/clock.hpp"
#include "async/single_flight.hpp"
#include "async/task_group.hpp"
#include "azure/resource_id.hpp"
#include "runs/run_log.hpp"
#include "runs/run_watcher.hpp"
#include "runs/usual_durations.hpp"
#include "views/logged_files.hpp"
#include "views/metric_history.hpp"
#include "views/run_view.hpp"
#include "views/table_file.hpp"
#include "workspace/azure_access.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::views {

/// What a page about one run shows, read while somebody waits for it: state and metrics of a run
/// that goes on every two seconds, files and tags every ten; of a run that is over everything once.
/// The rows of a metric are read when they are asked for, and after that only new ones; a table in
/// a file as a whole. Lives on the loop, in a `shared_ptr`, since what it reads is read to the end.
class RunViewer final : public std::enable_shared_from_this<RunViewer> {
public:
    /// The run must be followed by `watcher`. `owner` keeps what it refers to, but
    /// for the clock, the tasks and the pool.
    RunViewer(std::shared_ptr<const void> owner,
              workspace::AzureAccess& access,
              runs::RunWatcher& watcher,
              async::Clock& clock,
              async::TaskGroup& tasks,
              asio::thread_pool& pool,
              azure::ResourceId job);

    const std::shared_ptr<const void>& owner() const { return owner_; }

    const azure::ResourceId& job() const { return job_; }

    /// The view once it is another than that of revision `seen`; at once without one. What cannot
    /// be read for the moment is its `problem`, and is tried again. Throws: NotFound, Forbidden,
    /// NotSignedIn before anything could be read; Cancelled.
    asio::awaitable<RunView> next(std::optional<std::uint64_t> seen, std::stop_token stop);

    /// All rows of a metric as they are now. Good until the next call. Throws: NotFound when the
    /// run has no such metric; Unavailable, …; Cancelled.
    asio::awaitable<const MetricHistory*> history(std::string metric, std::stop_token stop);

    /// The table in a file as it is now. Throws: NotFound; Rejected when it is no table, or too
    /// large to be shown; Unavailable, …; Cancelled.
    asio::awaitable<std::shared_ptr<const TableFile>> table(std::string path, std::stop_token stop);

private:
    using Read = asio::awaitable<void> (RunViewer::*)(std::stop_token);

    /// The rows of a metric, and which of its revisions they are of.
    struct Entry {
        explicit Entry(async::TaskGroup& tasks)
            : reading(tasks) {}

        MetricHistory rows{};
        async::SingleFlight<bool> reading;
        /// Absent until it is read.
        std::optional<std::uint64_t> revision{};
        bool complete = false;
    };

    /// The last row of a metric, by which a new one is noticed.
    struct Latest {
        std::string row{};
        std::uint64_t revision = 0;
    };

    /// A table in a file, and which of the file's revisions it is of.
    struct KnownTable {
        std::string path{};
        std::uint64_t revision = 0;
        async::Clock::TimePoint read_at{};
        std::shared_ptr<const TableFile> table{};
    };

    asio::awaitable<bool> refresh(std::stop_token stop);
    asio::awaitable<void> read(std::stop_token stop);
    asio::awaitable<void> read_document(std::stop_token stop);
    asio::awaitable<void> read_configuration(std::stop_token stop);
    asio::awaitable<void> read_files(std::stop_token stop);
    asio::awaitable<void> read_contents(std::stop_token stop);
    asio::awaitable<void> read_logs(std::stop_token stop);
    asio::awaitable<void> read_metrics(std::stop_token stop);
    asio::awaitable<void> read_usual(std::stop_token stop);
    asio::awaitable<void> read_failure(std::stop_token stop);
    asio::awaitable<void> read_pictures(std::string metric, std::stop_token stop);
    asio::awaitable<bool> read_rows(std::string metric, std::stop_token stop);
    runs::RunState state() const;
    /// Puts what was read into the view.
    template <typename Part>
    void show(Part& shown, Part read);
    void show_files();

    std::shared_ptr<const void> owner_;
    workspace::AzureAccess& access_;
    runs::RunWatcher& watcher_;
    async::Clock& clock_;
    async::TaskGroup& tasks_;
    asio::thread_pool& pool_;
    azure::ResourceId job_;
    runs::RunLog log_;
    async::SingleFlight<bool> refreshing_;
    RunView view_{};
    /// The view says something else than its revision did.
    bool has_changed_ = false;
    LoggedFiles files_{};
    runs::UsualDurations usual_{};
    std::map<std::string, Latest> latest_{};
    std::map<std::string, Entry> histories_{};
    /// The last used is the last.
    std::vector<KnownTable> tables_{};
    std::optional<async::Clock::TimePoint> page_read_at_{};
    std::optional<async::Clock::TimePoint> metrics_read_at_{};
    std::optional<async::Clock::TimePoint> retry_at_{};
    /// Everything was read once.
    bool known_ = false;
    /// Everything was read after the run's end.
    bool read_after_end_ = false;
};

}  // namespace aml::views
