#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "async/task_group.hpp"
#include "runs/life_signs.hpp"
#include "runs/run_watcher.hpp"
#include "support/log.hpp"
#include "workspace/azure_access.hpp"

#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::runs {

/// Notices runs that show no sign of life for longer than is usual, and has the watcher say so in
/// their snapshots. Once a minute it thinks of the runs that are of interest; what it asks Azure
/// is little: what earlier runs of the experiment took, once, and every ten minutes of silence
/// whether the log or the metrics have grown, of at most two runs a minute. Lives on the loop. Call
/// `shut_down` before destroying it, and before the watcher is.
class SilenceWatch final {
public:
    using OfInterest = std::function<bool(const RunSnapshot& run)>;

    /// Keeps what it is given by reference.
    SilenceWatch(asio::any_io_executor loop,
                 workspace::AzureAccess& access,
                 RunWatcher& watcher,
                 async::Clock& clock,
                 Log log,
                 OfInterest of_interest);

    asio::awaitable<void> shut_down();

private:
    struct Entry {
        LifeSigns signs;
        std::string experiment;
    };

    void take(const std::vector<RunSnapshot>& changed);
    asio::awaitable<void> watch(std::stop_token stop);
    asio::awaitable<void> look_at_some(std::stop_token stop);
    asio::awaitable<void> look(azure::ResourceId job, std::stop_token stop);
    asio::awaitable<void> learn_usual(azure::ResourceId job, std::stop_token stop);
    void judge(const azure::ResourceId& job, const Entry& entry);
    std::string experiment_key(const azure::ResourceId& job, const Entry& entry) const;

    workspace::AzureAccess& access_;
    RunWatcher& watcher_;
    async::Clock& clock_;
    Log log_;
    OfInterest of_interest_;
    std::map<azure::ResourceId, Entry> runs_;
    /// By workspace and experiment; empty durations while they are not known.
    std::map<std::string, UsualDurations> usual_;
    bool watching_ = false;
    async::TaskGroup tasks_;
};

}  // namespace aml::runs
