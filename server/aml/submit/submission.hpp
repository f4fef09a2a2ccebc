#pragma once

#include "async/asio.hpp"
#include "azure/jobs.hpp"
#include "runconfig/rest_job.hpp"
#include "state/journal.hpp"
#include "submit/run_batch.hpp"
#include "submit/submit_context.hpp"
#include "submit/submit_types.hpp"
#include "support/error.hpp"
#include "support/log.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace aml::submit {

/// A submission that was cut off, and the run that it has become.
struct FoundRun {
    state::Submission submission{};
    azure::Job job{};
};

/// What the disk says about a submission, read in one go before anything is sent.
struct LocalFacts {
    std::filesystem::path script;
    std::optional<std::filesystem::path> code_folder;
    /// `mlflow.source.git.*`
    std::map<std::string, std::string> git;
    /// What a `settle` has found out too lately for the user to have read it.
    std::vector<FoundRun> found;
};

/// One call of `RunSubmitter::submit`, from the local facts to Azure's answer.
class Submission final {
public:
    /// Keeps references to `context` and `batch`, whose cut off attempts have been read.
    Submission(
        SubmitContext& context, RunBatch& batch, SubmitRequest request, LocalFacts facts, Log log);

    /// Does everything. Throws: as `RunSubmitter::submit`.
    asio::awaitable<Submitted> run(std::stop_token stop);

private:
    /// Azure's answer, or why it refused or could not be asked.
    using PutResult = std::variant<azure::Job, Error>;

    struct NoRun {};

    /// The run there is, none, or why that cannot be told.
    using Found = std::variant<azure::Job, NoRun, Error>;

    asio::awaitable<void> resolve(std::stop_token stop);
    asio::awaitable<std::optional<RegisteredCode>> resolve_code(std::stop_token stop);
    asio::awaitable<void> resolve_pipeline(std::stop_token stop);
    asio::awaitable<RegisteredCode> register_folder(std::filesystem::path folder,
                                                    std::stop_token stop);
    asio::awaitable<void> check_name_is_free(std::stop_token stop);
    Error name_is_taken() const;
    /// Whether the job of our name is the one that was sent: a name of the user's own may be
    /// somebody else's.
    bool is_ours(const azure::Job& job) const;
    asio::awaitable<std::optional<azure::Job>> recover(std::string digest, std::stop_token stop);
    asio::awaitable<azure::Job> create(std::string digest, std::stop_token stop);
    asio::awaitable<azure::Job> create_journalled(std::stop_token stop);
    asio::awaitable<void> open_entry(std::string digest);
    asio::awaitable<PutResult> put(std::string name, std::stop_token stop);
    asio::awaitable<Found> look(std::string name, std::stop_token stop);
    nlohmann::json body() const;
    std::string digest() const;
    state::Submission journal_record(std::string digest) const;
    SubmittedRun result(const azure::Job& job, bool recovered) const;

    SubmitContext& context_;
    RunBatch& batch_;
    SubmitRequest request_;
    LocalFacts facts_;
    Log log_;
    // Absent where the run needs no code.
    std::optional<RegisteredCode> code_;
    runconfig::ResolvedReferences resolved_;
    // Of the run, as soon as there may be one.
    std::optional<state::JournalEntry> entry_;
};

/// Reads the local facts. Blocking.
LocalFacts read_local_facts(const SubmitRequest& request);

/// Attempts to submit the configuration that were cut off. Blocking. Throws: Unavailable when the
/// journal cannot be written; as `state::Journal::abandoned`.
std::vector<state::JournalEntry> read_abandoned(const std::filesystem::path& state_directory,
                                                const SubmitRequest& request,
                                                const std::string& arm_endpoint);

/// Takes a settled entry out of the journal. A failure is logged: it is settled again, with the
/// same result. Never throws but Cancelled.
asio::awaitable<void> close_entry(workspace::SavedState& state, state::JournalEntry entry, Log log);

/// Records a run as the last one of its script. Never throws but Cancelled.
asio::awaitable<void> record_last_run(workspace::SavedState& state,
                                      state::Submission submission,
                                      azure::Job job);

/// RFC 3339 in UTC, whole seconds.
std::string rfc3339(async::Clock::TimePoint time);

}  // namespace aml::submit
