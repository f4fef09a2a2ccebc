#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "domain/azure_access.hpp"
#include "domain/saved_state.hpp"
#include "domain/submit_types.hpp"
#include "support/log.hpp"
#include "support/random.hpp"

#include <filesystem>
#include <memory>
#include <set>
#include <stop_token>

namespace aml::domain {

/// Turns a run configuration into a run in Azure. Nothing of it blocks the loop: files are read and
/// hashed on the pool of `state`. All referenced objects must outlive the submitter and its calls.
class RunSubmitter final {
public:
    RunSubmitter(
        AzureAccess& access, SavedState& state, async::Clock& clock, Random& random, Log log);
    RunSubmitter(const RunSubmitter&) = delete;
    RunSubmitter& operator=(const RunSubmitter&) = delete;

    /// Checks the references, makes the snapshot, uploads what the workspace lacks and creates the
    /// job; records it as the script's last run. The job's name is journalled before the PUT, so
    /// that neither a retry nor a crash makes a second run; when an identical earlier attempt was
    /// cut off and its run exists, that run is returned. An unchanged repeat costs one sequential
    /// round trip (the PUT), a changed one four. Cancelling stops at once at any stage; a job that
    /// Azure has already accepted goes on and is settled later. Throws: Rejected (names the key,
    /// the file or the name at fault and the remedy), NotFound (workspace, compute, environment),
    /// Forbidden, Conflict (this configuration is being submitted already, or its `name` is taken),
    /// Throttled, Unavailable (Azure, or the state directory cannot be written), NotSignedIn,
    /// Cancelled.
    asio::awaitable<SubmittedRun> submit(SubmitRequest request,
                                         OnSubmitProgress on_progress,
                                         std::stop_token stop);

    /// Asks Azure what became of submissions that a crash of this or another process left open, and
    /// closes each once `tell` has passed it on, so that being killed in between tells it again.
    /// Costs nothing when there are none. Entries of another cloud are left alone.
    /// Those Azure cannot be asked about now (offline, not signed in) stay open for next time and
    /// are logged. A `submit` that begins meanwhile waits for the outcome and takes over a run that
    /// it would have made again. Throws: Cancelled; Unavailable when the state directory cannot be
    /// read.
    asio::awaitable<void> settle(OnSettled tell, std::stop_token stop);

private:
    struct Settling;

    asio::awaitable<void> settle_one(state::JournalEntry entry,
                                     AzureConnection& connection,
                                     Settling& settling,
                                     OnSettled tell,
                                     std::stop_token stop);

    AzureAccess& access_;
    SavedState& state_;
    async::Clock& clock_;
    Random& random_;
    Log log_;
    // Configurations being submitted by this process.
    std::set<std::filesystem::path> in_flight_;
    // The latest `settle`; shared with the submissions that wait for it.
    std::shared_ptr<Settling> settling_;
};

}  // namespace aml::domain
