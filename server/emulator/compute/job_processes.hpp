#pragma once

#include "async/asio.hpp"
#include "compute/job_plan.hpp"
#include "compute/ranks.hpp"
#include "execution/launch_plan.hpp"
#include "execution/process_exit.hpp"
#include "execution/supervised_process.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

namespace aml::emulator {

/// The processes of one job, each with a supervisor and a log of its own. One that fails ends the
/// others: they would wait for it for ever. What has happened is read from their folders.
class JobProcesses final {
public:
    /// Finds those that run or have run. Keeps references.
    JobProcesses(const JobFolders& folders, const RankPlan& plan);

    /// Whether any was ever started.
    bool were_launched() const;

    /// Whether an emulator was killed before it had started all of them.
    bool are_incomplete() const;

    /// Whether any runs.
    bool are_running() const;

    /// Starts those that never were: `plan_of` says how. Returns once their supervisors are at
    /// work. Throws: Unavailable when the system has no process to give, and those that run are
    /// asked to end; Cancelled when `stop` fires first, and what runs goes on.
    asio::awaitable<void> launch(std::filesystem::path supervisor,
                                 std::function<execution::LaunchPlan(const Rank&)> plan_of,
                                 std::stop_token stop);

    /// Returns when all have ended. Throws: Cancelled when `stop` fires first; they go on.
    asio::awaitable<void> wait(std::stop_token stop);

    /// Asks all to end; returns at once.
    void terminate();

    /// A process that did not end well.
    struct Failure {
        const Rank* rank = nullptr;
        /// Absent when its supervisor was killed.
        std::optional<execution::ProcessExit> exit{};
    };

    /// The first one that failed, which is why the others did; nothing when all ended well.
    std::optional<Failure> first_failure() const;

private:
    std::filesystem::path folder_of(const Rank& rank) const;
    bool has_failed() const;

    const JobFolders& folders_;
    const RankPlan& plan_;
    /// Of those that were found running or were started here.
    std::vector<execution::SupervisedProcess> processes_;
    bool failed_before_ = false;
};

}  // namespace aml::emulator
