#pragma once

#include "async/clock.hpp"
#include "async/task_group.hpp"
#include "azure/resource_id.hpp"
#include "runs/run_watcher.hpp"
#include "views/run_table.hpp"
#include "workspace/azure_access.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::views {

/// Fills the table of the runs of an experiment, or of all experiments of a workspace, while
/// somebody waits for it: all runs once, page by page, and after that every ten seconds the newest
/// and those that are not over. Lives on the loop, in a `shared_ptr`, since what it reads is read
/// to the end.
class RunTableReader final : public std::enable_shared_from_this<RunTableReader> {
public:
    /// `experiment` is empty for all of the workspace. `owner` keeps what it
    /// refers to, but for the clock and the tasks.
    RunTableReader(std::shared_ptr<const void> owner,
                   workspace::AzureAccess& access,
                   runs::RunWatcher& watcher,
                   async::Clock& clock,
                   async::TaskGroup& tasks,
                   azure::ResourceId workspace,
                   std::string experiment);

    const std::shared_ptr<const void>& owner() const { return owner_; }

    const azure::ResourceId& workspace() const { return workspace_; }

    const std::string& experiment() const { return experiment_; }

    const RunTable& table() const { return table_; }

    /// As `RunTable::set_starred`.
    void set_starred(std::set<std::string> names) { table_.set_starred(std::move(names)); }

    /// Rises with every change of the table, of `complete` and of `problem`.
    std::uint64_t revision() const { return table_.revision() + changes_; }

    /// Whether all runs have been read.
    bool complete() const { return complete_; }

    /// Why the table may be out of date or not whole; empty when nothing is wrong.
    const std::string& problem() const { return problem_; }

    /// Returns once there is something to show that is not of revision `seen`. Throws: Cancelled.
    asio::awaitable<void> wait_for_change(std::optional<std::uint64_t> seen, std::stop_token stop);

private:
    struct Experiment {
        std::string id{};
        std::string name{};
    };

    asio::awaitable<void> read();
    asio::awaitable<void> read_all(std::stop_token stop);
    asio::awaitable<void> read_news(std::stop_token stop);
    asio::awaitable<void> read_experiments(std::stop_token stop);
    asio::awaitable<void> read_runs_of(Experiment experiment,
                                       std::size_t limit,
                                       std::stop_token stop);
    asio::awaitable<void> read_logged(int page_size, bool all_pages, std::stop_token stop);
    asio::awaitable<void> read_unfinished(std::stop_token stop);
    void take_watched();
    void put(const runs::RunSnapshot& run);

    std::shared_ptr<const void> owner_;
    workspace::AzureAccess& access_;
    runs::RunWatcher& watcher_;
    async::Clock& clock_;
    async::TaskGroup& tasks_;
    azure::ResourceId workspace_;
    std::string experiment_;
    RunTable table_{};
    std::vector<Experiment> experiments_{};
    /// Names of runs that are not over.
    std::set<std::string> unfinished_{};
    /// A run has ended whose last metrics are not read.
    bool has_ended_ = false;
    bool complete_ = false;
    std::string problem_{};
    std::uint64_t changes_ = 0;
    bool reading_ = false;
    async::Clock::TimePoint due_{};
};

}  // namespace aml::views
