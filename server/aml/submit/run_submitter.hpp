#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "async/event.hpp"
#include "submit/submission.hpp"
#include "submit/submit_types.hpp"
#include "support/log.hpp"
#include "support/random.hpp"
#include "workspace/azure_access.hpp"
#include "workspace/saved_state.hpp"

#include <filesystem>
#include <memory>
#include <set>
#include <stop_token>
#include <vector>

namespace aml::submit {

/// Turns a run configuration into a run in Azure. Nothing of it blocks the loop: files are read and
/// hashed on the pool of `state`. All referenced objects must outlive the submitter and its calls.
class RunSubmitter final {
public:
    RunSubmitter(workspace::AzureAccess& access,
                 workspace::SavedState& state,
                 async::Clock& clock,
                 Random& random,
                 Log log);
    RunSubmitter(const RunSubmitter&) = delete;
    RunSubmitter& operator=(const RunSubmitter&) = delete;

    /// Checks the references, makes the snapshot, uploads what the workspace lacks and creates the
    /// job; records it as the script's last run. The job's name is journalled before the PUT, so
    /// that neither a retry nor a crash makes a second run; when an identical earlier attempt was
    /// cut off, its run is returned if it exists, else its name is used again. The caller tells the
    /// user of the run, then calls `close`. An unchanged repeat costs one sequential
    /// round trip (the PUT), a changed one five. Cancelling stops at once at any stage; a job that
    /// Azure has already accepted goes on and is settled later. Throws: Rejected (names the key,
    /// the file or the name at fault and the remedy), NotFound (workspace, compute, environment),
    /// Forbidden, Conflict (this configuration is being submitted already, or its `name` is taken),
    /// Throttled, Unavailable (Azure, or the state directory cannot be written), NotSignedIn,
    /// Cancelled.
    asio::awaitable<Submitted> submit(SubmitRequest request,
                                      OnSubmitProgress on_progress,
                                      std::stop_token stop);

    /// Submits several runs of one configuration, each as `submit` does; nobody is asked twice. The
    /// first one goes ahead, and the others have its code; they are sent a few at a time. `tell`
    /// gets the place of each among `requests` with what has become of it, and closes its entry.
    /// What fails for one does not keep the others from it, but for what would fail for all.
    /// Throws: what all have in common (Conflict, Cancelled, NotSignedIn; what fails for the first
    /// before anything was sent).
    asio::awaitable<void> submit_all(std::vector<SubmitRequest> requests,
                                     OnSubmitProgress on_progress,
                                     OnOutcome tell,
                                     std::stop_token stop);

    /// The user has been told of a run: takes its entry out of the journal. A failure is logged,
    /// and the run is told again by the next session. Throws: Cancelled.
    asio::awaitable<void> close(state::JournalEntry entry);

    /// Asks Azure what became of submissions that were cut off in this or another process, and
    /// closes each once `tell` has passed it on, so that being killed in between tells it again.
    /// A run that is not there is asked for once more, ten seconds later, since a request outlives
    /// its sender. Costs nothing when nothing is open. Entries of another cloud are left alone.
    /// Those Azure cannot be asked about now (offline, not signed in) stay open for next time and
    /// are logged. A `submit` that begins meanwhile, or too soon to have read the outcome, takes
    /// over the run that it would have made again. Throws: Cancelled; Unavailable when the state
    /// directory cannot be read.
    asio::awaitable<void> settle(OnSettled tell, std::stop_token stop);

private:
    asio::awaitable<Submitted> submit_one(SubmitRequest request,
                                          RunBatch& batch,
                                          OnSubmitProgress on_progress,
                                          std::stop_token stop);
    asio::awaitable<void> submit_and_tell(std::size_t index,
                                          SubmitRequest request,
                                          RunBatch& batch,
                                          OnSubmitProgress on_progress,
                                          const OnOutcome& tell,
                                          std::stop_token stop);
    /// Throws: Conflict when the file is held.
    void hold(const std::filesystem::path& file);

    /// What one call of `settle` has asked and found.
    struct Settling;

    struct RecentlyReported {
        FoundRun found;
        async::Clock::TimePoint when;
    };

    asio::awaitable<void> settle_all(Settling& settling, std::stop_token stop);
    asio::awaitable<void> settle_one(state::JournalEntry entry,
                                     workspace::AzureConnection& connection,
                                     Settling& settling,
                                     std::stop_token stop);
    std::vector<FoundRun> recently_reported() const;

    workspace::AzureAccess& access_;
    workspace::SavedState& state_;
    async::Clock& clock_;
    Random& random_;
    Log log_;
    // Configurations being submitted by this process.
    std::set<std::filesystem::path> in_flight_;
    // While the journal is gone through; shared with those who wait for its end.
    std::shared_ptr<async::Event> settling_;
    std::vector<RecentlyReported> recently_reported_;
};

}  // namespace aml::submit
