#pragma once

#include "runs/run_watcher.hpp"
#include "runs/watch_schedule.hpp"

#include <limits>

namespace aml::runs {

/// One run that is followed, or was.
struct RunWatcher::Entry {
    explicit Entry(const asio::any_io_executor& loop)
        : changed(std::make_shared<async::Event>(loop)) {}

    RunSnapshot snapshot;
    /// Of run history's last answer; an answer with a lower one comes from a copy that lags behind.
    std::int64_t azure_revision = std::numeric_limits<std::int64_t>::min();
    /// In how many answers in a row the run was not.
    int missing = 0;
    /// Its metrics were read after the final status.
    bool has_last_metrics = false;
    /// Views that show its log.
    int viewers = 0;
    /// Rises with the order of `watch`.
    std::uint64_t order = 0;
    /// Set and replaced at every change; shared with who waits.
    std::shared_ptr<async::Event> changed;
};

/// The runs of one workspace and their poller.
struct RunWatcher::Workspace {
    explicit Workspace(azure::ResourceId workspace)
        : id(std::move(workspace)) {}

    azure::ResourceId id;
    /// By the run's id in lower case.
    std::map<std::string, Entry> runs;
    WatchSchedule schedule;
    async::Clock::TimePoint due;
    async::Clock::TimePoint last_asked;
    bool polling = false;
    /// The poll under way has brought news.
    bool changed = false;
    /// Ends the poller's sleep, because `due` has changed.
    std::stop_source wake;
};

}  // namespace aml::runs
