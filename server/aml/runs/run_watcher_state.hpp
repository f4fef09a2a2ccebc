#pragma once

#include "runs/run_watcher.hpp"
#include "runs/watch_schedule.hpp"

#include <algorithm>
#include <limits>

namespace aml::runs {

/// The metrics that a run has left at its end: of a run that was final when it came here they are
/// read when somebody waits for them, of others with the final status.
enum class LastMetrics { Unread, Wanted, Reading, Read };

/// One run that is followed, or was.
struct RunWatcher::Entry {
    explicit Entry(const asio::any_io_executor& loop)
        : changed(std::make_shared<async::Event>(loop)) {}

    RunSnapshot snapshot;
    /// Of run history's last answer; an answer with a lower one comes from a copy that lags behind.
    std::int64_t azure_revision = std::numeric_limits<std::int64_t>::min();
    WatchSchedule schedule;
    /// When it is asked about next, while it is not final.
    async::Clock::TimePoint due{};
    /// When somebody, this process or another, has asked about it last.
    async::Clock::TimePoint heard_at{};
    /// In how many answers in a row the run was not.
    int missing = 0;
    LastMetrics last_metrics = LastMetrics::Wanted;
    /// The metrics of a run that goes on are read from then on; the wait grows while nothing new is
    /// logged.
    async::Clock::TimePoint metrics_due{};
    std::chrono::milliseconds metrics_wait{0};
    /// Views that show its log.
    int viewers = 0;
    /// Rises with the order of `watch`.
    std::uint64_t order = 0;
    /// Set and replaced at every change; shared with who waits.
    std::shared_ptr<async::Event> changed;
};

/// Whether nothing is sent over a network: no network has names below "invalid" (RFC 6761), so that
/// whoever uses one answers itself.
inline bool answers_itself(const workspace::AzureAccess& access) {
    return access.settings().arm_endpoint.ends_with(".invalid");
}

/// The wait before the next question about a run; a short one where it costs nothing.
template <typename Entry>
std::chrono::milliseconds wait_before(const Entry& entry,
                                      const workspace::AzureAccess& access,
                                      Random& random) {
    constexpr std::chrono::milliseconds longest_free{500};
    const auto wait = entry.schedule.next_wait(random);
    return answers_itself(access) ? std::min(wait, longest_free) : wait;
}

/// The runs of one workspace and their poller.
struct RunWatcher::Workspace {
    explicit Workspace(azure::ResourceId workspace)
        : id(std::move(workspace)) {}

    azure::ResourceId id;
    /// By the run's id in lower case.
    std::map<std::string, Entry> runs;
    /// When the first of them is due.
    async::Clock::TimePoint due = async::Clock::TimePoint::max();
    async::Clock::TimePoint last_asked{};
    bool polling = false;
    /// Ends the poller's sleep, because `due` has changed.
    std::stop_source wake;
};

}  // namespace aml::runs
