#pragma once

#include "async/asio.hpp"
#include "azure/resource_id.hpp"
#include "runconfig/run_configuration.hpp"
#include "runs/run_snapshot.hpp"
#include "state/journal.hpp"
#include "submit/upload_review.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace aml::submit {

/// The stages of a submission, in the order in which they are first reported.
/// Snapshot and Environment run side by side.
enum class SubmitStage { Validate, Snapshot, Environment, Upload, CreateJob };

/// The stage's title for the user, e.g. "Uploading".
LocalizedText title(SubmitStage stage);

/// What is going on. Counts are of the stage; totals are 0 while unknown.
struct SubmitProgress {
    SubmitStage stage = SubmitStage::Validate;
    /// One line for the user, e.g. "Uploading 120 of 400 files, 12.0 of 30.5 MB, 4.1 MB/s".
    std::string message{};
    std::uint64_t files_done = 0;
    std::uint64_t files_total = 0;
    std::uint64_t bytes_done = 0;
    std::uint64_t bytes_total = 0;
    /// 0 while there is nothing to measure.
    double bytes_per_second = 0;

    /// Share done of the whole submission, 0 … 100, never falling within one submission.
    int percent = 0;
};

/// Called on the loop, at every change of stage and at most ten times a second within one.
using OnSubmitProgress = std::function<void(const SubmitProgress&)>;

/// What to submit: a checked configuration (`runconfig::load` or `check`) and where.
struct SubmitRequest {
    azure::ResourceId workspace{};
    runconfig::RunConfiguration configuration{};
    /// Asks about keys, credentials and large data among the files; without it they are refused.
    AskWhatGoes ask_what_goes{};
};

/// A run that exists in Azure.
struct SubmittedRun {
    azure::ResourceId workspace{};
    /// The job's name, which is the run's id.
    std::string job_name{};
    std::string display_name{};
    std::string experiment{};
    /// As Azure answered, e.g. "Starting".
    std::string status{};
    /// Page of the run in Azure ML studio; empty when Azure gave none.
    std::string studio_url{};
    /// The script it was started for; may be empty.
    std::filesystem::path script{};
    std::filesystem::path configuration{};
    /// Nothing was uploaded, because Azure has this content already.
    bool code_reused = false;
    /// Created by an earlier attempt that was cut off; this one found it instead of starting a
    /// second run.
    bool recovered = false;
    /// Remarks worth showing: skipped files, a cluster that reports a quota problem.
    std::vector<std::string> notes{};
};

/// What is known of a run that has just been submitted: never its end.
runs::RunSnapshot snapshot_of(const SubmittedRun& run);

/// A run, and its entry in the journal: until `RunSubmitter::close`, whoever starts next tells of
/// the run again. The entry is absent when the user was told of the run already.
struct Submitted {
    SubmittedRun run{};
    std::optional<state::JournalEntry> entry{};
};

/// A run, or why there is none.
using Outcome = std::variant<Submitted, Error>;

/// Called on the loop with what has become of one of several runs, by its place among them.
using OnOutcome = std::function<asio::awaitable<void>(std::size_t, Outcome)>;

/// What became of a submission that was cut off.
struct SettledSubmission {
    SubmittedRun run{};
    /// False: the request never reached Azure and no run was started.
    bool created = false;
};

/// Tells the user what became of a submission that was cut off; returns once that cannot be lost
/// any more. Called on the loop.
using OnSettled = std::function<asio::awaitable<void>(SettledSubmission)>;

}  // namespace aml::submit
