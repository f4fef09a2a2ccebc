#pragma once

#include "async/asio.hpp"
#include "state/journal.hpp"
#include "state/last_runs.hpp"
#include "state/store.hpp"
#include "support/log.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace aml::workspace {

/// The files of the state directory. Their contents are entries by key (`state::Store`); no token
/// ever goes there.
enum class StateFile {
    /// By script: `state::LastRun`.
    LastRuns,
    /// Runs that were not final when last seen; owned by RunWatcher.
    WatchedRuns,
    /// What the tree showed last; owned by WorkspaceTree.
    TreeCache,
    /// Ids that Azure gave to code, environments and computes; owned by RunSubmitter.
    Known,
    /// By folder: what the wizard was told last; owned by the wizard.
    Choices,
    /// Content hashes of folders by the times of their files; owned by RunSubmitter.
    Snapshots,
    /// By ARM endpoint: which subscriptions the tree shows (`tree/shown_subscriptions.hpp`).
    Subscriptions,
    /// By folder: what of it the user has said to send or to leave out; owned by RunSubmitter.
    Uploads,
    /// By run configuration: the run that it was made of (`origin_of`).
    Origins,
    /// By job: runs whose end a window has told the user.
    ToldRuns,
    /// By workspace: what was heard last of runs that are followed; owned by RunWatcher.
    HeardOfRuns,
    /// By folder: how the tree shows runs (`tree/run_arrangement.hpp`).
    Arrangements,
    /// By run: those that the user has starred.
    Stars,
};

/// The state directory as the loop sees it: every call does its file work on the blocking pool.
/// Two processes may share the directory. Must outlive its calls.
class SavedState final {
public:
    /// Tells the user one sentence, e.g. that a damaged file was put aside. Called on the loop.
    using Notify = std::function<void(std::string)>;

    SavedState(std::filesystem::path directory, asio::thread_pool& pool, Log log, Notify notify);

    /// `aml` in the folder where this system keeps states (`platform::state_home`). Throws:
    /// Rejected when there is none.
    static std::filesystem::path default_directory();

    /// What the file holds; empty when there is none or it was damaged (put aside, user notified).
    /// Throws: Unavailable when it exists but cannot be read.
    asio::awaitable<state::Entries> load(StateFile file);

    /// As `load`, for what can be found out again: when the file cannot be read, it is logged and
    /// nothing is known.
    asio::awaitable<state::Entries> recall(StateFile file);

    /// Changes the file under its lock, keeping what other processes wrote. `change` runs on the
    /// pool: it must own what it uses. Throws: Unavailable when the directory is full or read-only
    /// (the message names it).
    asio::awaitable<void> update(StateFile file, std::function<void(state::Entries&)> change);

    /// As `update`, for what can be found out again: a failure is logged, the user is told once,
    /// nothing is thrown.
    asio::awaitable<void> remember(StateFile file, std::function<void(state::Entries&)> change);

    /// As `remember`, for single entries: costs what they cost, however many the file holds. A null
    /// one is taken away.
    asio::awaitable<void> remember_entries(StateFile file, state::Entries entries);

    /// The last run of a script, or of a run configuration: whichever `file` is. Absent when none
    /// is recorded. Throws as `load`.
    asio::awaitable<std::optional<state::LastRun>> last_run(std::filesystem::path file);

    /// The id of the run that a run configuration was made of to be repeated; absent when it was
    /// not.
    asio::awaitable<std::optional<std::string>> origin_of(std::filesystem::path configuration);
    asio::awaitable<void> remember_origin(std::filesystem::path configuration, std::string run);

    /// The scripts that can be repeated. Throws as `load`.
    asio::awaitable<std::vector<std::filesystem::path>> repeatable_scripts();

    const std::filesystem::path& directory() const { return directory_; }

    asio::thread_pool& pool() const { return pool_; }

private:
    using Work = std::function<std::optional<std::string>(const state::Store&)>;

    /// Runs `work` on the pool; a failure is logged, and the user is told of the first one.
    asio::awaitable<void> attempt(StateFile file, Work work);
    void report(const std::optional<std::string>& notice);

    std::filesystem::path directory_;
    asio::thread_pool& pool_;
    Log log_;
    Notify notify_;
    bool failure_reported_ = false;
};

}  // namespace aml::workspace
