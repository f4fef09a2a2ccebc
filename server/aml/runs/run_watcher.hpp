#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "async/event.hpp"
#include "async/task_group.hpp"
#include "azure/jobs.hpp"
#include "runs/run_snapshot.hpp"
#include "support/log.hpp"
#include "support/random.hpp"
#include "workspace/azure_access.hpp"
#include "workspace/saved_state.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::runs {

/// Follows runs until they are final and tells whoever subscribed. The runs of a workspace share
/// one poller and its calls (`batchrundata`, up to 100 runs each): a poll asks about the runs that
/// are due, and where that leaves room in its last call, about those that are due next; what
/// another process of this user has just heard is not asked again, so that two windows cost what
/// one does. Azure ML has no push. A run that is not final is kept in the state directory, so that
/// it is followed again after a restart. A failed poll is shown in the snapshots and tried again;
/// it ends nothing. When nobody is signed in it pauses by itself. Lives on the loop. Call
/// `shut_down` before destroying it.
class RunWatcher final {
public:
    /// Called with the snapshots that changed, on the loop, never from within a call of this class.
    using Listener = std::function<void(const std::vector<RunSnapshot>&)>;

    /// Whether the metrics of a run that somebody looks at are read while it goes on; those of its
    /// end are in any case.
    enum class LiveMetrics { Read, Skip };

    /// Keeps what it is given by reference.
    RunWatcher(asio::any_io_executor loop,
               workspace::AzureAccess& access,
               async::Clock& clock,
               Random& random,
               workspace::SavedState& state,
               Log log,
               LiveMetrics live_metrics = LiveMetrics::Read);
    RunWatcher(const RunWatcher&) = delete;
    RunWatcher& operator=(const RunWatcher&) = delete;
    ~RunWatcher();

    /// Follows again what was not final when the last process of this cloud ended; returns how many
    /// runs that are. Throws: as `SavedState::load`.
    asio::awaitable<std::size_t> resume_saved();

    /// Follows a run from now on; one that is followed already gets the names given here.
    /// `snapshot.job` must be set. A final snapshot is remembered and not polled.
    void watch(RunSnapshot snapshot);

    /// Returns once the next process would follow what is followed now, or saving it has failed,
    /// which the user is told. Throws: Cancelled.
    asio::awaitable<void> saved(std::stop_token stop);

    /// Asks for this run's state at once, e.g. after it was cancelled. Unknown and final runs are
    /// left alone.
    void ask_soon(const azure::ResourceId& job);

    /// The latest snapshots, newest run first: everything followed, and what became final since the
    /// start.
    std::vector<RunSnapshot> runs() const;
    /// Absent when the run was never followed here.
    std::optional<RunSnapshot> find(const azure::ResourceId& job) const;

    /// Registers a listener and returns the number to unsubscribe it with.
    std::uint64_t subscribe(Listener listener);
    void unsubscribe(std::uint64_t subscription);

    using Told = std::function<asio::awaitable<void>(std::stop_token)>;

    /// Called with a run that somebody begins to look at: its log or its page.
    using Looked = std::function<void(const azure::ResourceId& job)>;

    void on_look(Looked looked) { looked_ = std::move(looked); }

    /// What is waited for before the next process would not follow a run again that has ended: that
    /// what the listeners tell has arrived. When it throws, the next process follows the run.
    void forget_after(Told told);

    /// Returns the snapshot once its revision is above `seen`; at once when it is.
    /// Throws: NotFound when the run is not followed here; Cancelled.
    asio::awaitable<RunSnapshot> wait_for_change(azure::ResourceId job,
                                                 std::uint64_t seen,
                                                 std::stop_token stop);

    /// Returns the snapshot once the run is final and its last metrics have been read; when they
    /// cannot be, that is logged, and those known before are in it. Throws: NotFound when the run
    /// is not followed here; Cancelled.
    asio::awaitable<RunSnapshot> wait_for_end(azure::ResourceId job, std::stop_token stop);

    /// Says in a run's snapshot for how long it has shown no sign of life; absent: it does. Unknown
    /// and final runs are left alone.
    void note_silence(const azure::ResourceId& job, std::optional<std::chrono::minutes> silent_for);

    /// Polls faster while views show the run's log: call with +1 and -1.
    void add_viewers(const azure::ResourceId& job, int change);

    /// Signed out: no calls until `resume`. Snapshots stay.
    void pause();
    /// Asks for everything that is not final soon.
    void resume();

    bool paused() const { return paused_; }

    /// Stops polling and waits until nothing is under way.
    asio::awaitable<void> shut_down();

private:
    struct Entry;
    struct Workspace;

    Entry* find_entry(const azure::ResourceId& job);
    const Entry* find_entry(const azure::ResourceId& job) const;
    void start_poller(const azure::ResourceId& workspace);
    /// Has the poller wake at `due` at the latest.
    void poll_by(Workspace& workspace, async::Clock::TimePoint due);
    /// Has the poller wake when the first run is due.
    void plan_poll(Workspace& workspace);
    std::vector<std::string> due_runs(Workspace& workspace);
    asio::awaitable<void> poll(azure::ResourceId workspace);
    asio::awaitable<void> wait_until_due(azure::ResourceId workspace, std::stop_token stop);
    asio::awaitable<void> ask(azure::ResourceId workspace, std::stop_token stop);
    /// Takes over what other processes of this user have heard since this one has asked.
    asio::awaitable<void> hear_others(azure::ResourceId workspace);
    asio::awaitable<void> tell_others(azure::ResourceId workspace, std::vector<azure::Run> found);
    asio::awaitable<void> look_up_missing(azure::ResourceId workspace, std::stop_token stop);
    asio::awaitable<void> read_metrics(azure::ResourceId workspace, std::stop_token stop);
    asio::awaitable<void> read_metrics_of(azure::ResourceId job, std::stop_token stop);
    asio::awaitable<void> read_last_metrics(azure::ResourceId job, std::stop_token stop);
    /// What an answer of that time says.
    void apply(Workspace& workspace,
               const std::vector<std::string>& asked,
               const std::vector<azure::Run>& found,
               async::Clock::TimePoint heard_at);
    /// Returns whether anything changed.
    bool apply_run(Entry& entry, const azure::Run& run);
    void apply_job(Entry& entry, const std::optional<azure::Job>& job);
    void apply_failure(Workspace& workspace, const Error& error);
    /// Returns whether anything changed.
    bool publish(Entry& entry, RunSnapshot next);
    void wake_waiters(Entry& entry);
    void deliver();
    void save(const RunSnapshot& snapshot);
    void save(const std::string& job, nlohmann::json entry);
    asio::awaitable<void> forget(std::string job);
    asio::awaitable<void> write_unsaved();

    asio::any_io_executor loop_;
    workspace::AzureAccess& access_;
    async::Clock& clock_;
    Random& random_;
    workspace::SavedState& state_;
    Log log_;
    LiveMetrics live_metrics_;
    std::map<azure::ResourceId, std::unique_ptr<Workspace>> workspaces_;
    std::map<std::uint64_t, Listener> listeners_;
    std::uint64_t next_listener_ = 1;
    Told told_;
    Looked looked_;
    std::uint64_t next_order_ = 1;
    /// Ids of runs whose snapshots listeners have not got yet.
    std::set<azure::ResourceId> undelivered_;
    /// What the state directory does not say yet, by job; null for a run that is over.
    state::Entries unsaved_;
    bool saving_ = false;
    async::Event saved_;
    bool paused_ = false;
    /// By itself, because nobody was signed in.
    bool paused_itself_ = false;
    async::Event resumed_;
    /// Lets a delivery that is on its way find out that the watcher is gone.
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    async::TaskGroup tasks_;
};

}  // namespace aml::runs
