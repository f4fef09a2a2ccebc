#include "submit/run_submitter.hpp"

#include "async/run_blocking.hpp"
#include "async/task_group.hpp"
#include "azure/jobs.hpp"
#include "submit/submission.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/scope_exit.hpp"
#include "workspace/names.hpp"

#include <optional>
#include <utility>

namespace aml::submit {
namespace {

void check(const SubmitRequest& request) {
    const auto& job = runconfig::basics_of(request.configuration.job);
    if (request.workspace.empty()) {
        throw Error(
            ErrorKind::Rejected,
            localize("No workspace is chosen. Choose one, or name it in .azureml/config.json."));
    }
    if (!job.experiment_name) return;
    if (const auto problem =
            runconfig::name_problem(runconfig::NameKind::Experiment, *job.experiment_name)) {
        throw Error(ErrorKind::Rejected, *problem);
    }
}

/// A run without an experiment is filed under the name of its folder, as the official client does
/// it, not under "Default" with everything else.
void name_experiment(runconfig::RunConfiguration& configuration) {
    auto& name = runconfig::basics_of(configuration.job).experiment_name;
    if (name) return;
    auto folder = configuration.file.parent_path().stem().string();
    std::erase(folder, ' ');
    if (!folder.empty()) name = workspace::name_from(folder);
}

/// What fails for one of several runs in this way fails for all of them.
bool is_of_all(ErrorKind kind) {
    return kind == ErrorKind::Cancelled || kind == ErrorKind::NotSignedIn ||
           kind == ErrorKind::InvalidParams;
}

SubmittedRun run_of(const state::Submission& submission, const azure::ResourceId& workspace) {
    SubmittedRun run;
    run.workspace = workspace;
    run.job_name = submission.job_name;
    run.display_name =
        submission.display_name.empty() ? submission.job_name : submission.display_name;
    run.experiment = submission.experiment;
    run.script = submission.script;
    run.configuration = submission.configuration;
    return run;
}

// Of several runs of one configuration.
constexpr std::size_t most_at_once = 4;
// Longer than a request that has left can take to be carried out.
constexpr std::chrono::seconds late_arrival{10};
// Whoever presses Submit sooner has not read that the run exists.
constexpr std::chrono::seconds reading_time{3};

}  // namespace

struct RunSubmitter::Settling {
    OnSettled tell;
    /// Names of jobs that were not there when asked for once.
    std::set<std::string> missing;
    bool again = false;
};

RunSubmitter::RunSubmitter(workspace::AzureAccess& access,
                           workspace::SavedState& state,
                           async::Clock& clock,
                           Random& random,
                           Log log)
    : access_(access),
      state_(state),
      clock_(clock),
      random_(random),
      log_(std::move(log)) {}

void RunSubmitter::hold(const std::filesystem::path& file) {
    if (in_flight_.insert(file).second) return;
    throw Error(ErrorKind::Conflict,
                localize("{} is being submitted already.", file.filename().string()));
}

asio::awaitable<Submitted> RunSubmitter::submit(SubmitRequest request,
                                                OnSubmitProgress on_progress,
                                                std::stop_token stop) {
    const auto file = request.configuration.file;
    hold(file);
    const ScopeExit landed([this, &file] { in_flight_.erase(file); });
    RunBatch batch;
    auto submitted =
        co_await submit_one(std::move(request), batch, std::move(on_progress), std::move(stop));
    co_return submitted;
}

asio::awaitable<void> RunSubmitter::submit_all(std::vector<SubmitRequest> requests,
                                               OnSubmitProgress on_progress,
                                               OnOutcome tell,
                                               std::stop_token stop) {
    const auto file = requests.front().configuration.file;
    hold(file);
    const ScopeExit landed([this, &file] { in_flight_.erase(file); });
    RunBatch batch;
    co_await submit_and_tell(
        0, std::move(requests.front()), batch, std::move(on_progress), tell, stop);
    std::function<asio::awaitable<void>(std::size_t, std::stop_token)> submit_next =
        [&](std::size_t index, std::stop_token token) {
            const auto place = index + 1;
            return submit_and_tell(place,
                                   std::move(requests[place]),
                                   batch,
                                   OnSubmitProgress(),
                                   tell,
                                   std::move(token));
        };
    co_await async::for_each_parallel(
        requests.size() - 1, most_at_once, submit_next, std::move(stop));
}

asio::awaitable<void> RunSubmitter::submit_and_tell(std::size_t index,
                                                    SubmitRequest request,
                                                    RunBatch& batch,
                                                    OnSubmitProgress on_progress,
                                                    const OnOutcome& tell,
                                                    std::stop_token stop) {
    std::optional<Outcome> outcome;
    try {
        auto submitted =
            co_await submit_one(std::move(request), batch, std::move(on_progress), std::move(stop));
        outcome.emplace(std::move(submitted));
    } catch (const Error& error) {
        if (!batch.abandoned || is_of_all(error.kind())) throw;
        outcome.emplace(error);
    }
    co_await tell(index, std::move(*outcome));
}

asio::awaitable<Submitted> RunSubmitter::submit_one(SubmitRequest request,
                                                    RunBatch& batch,
                                                    OnSubmitProgress on_progress,
                                                    std::stop_token stop) {
    auto loop = co_await asio::this_coro::executor;
    auto reporter =
        std::make_shared<SubmitReporter>(std::move(loop), clock_, std::move(on_progress));
    // Reads that are still on the pool must not report to a caller that has gone.
    const ScopeExit closing([reporter] { reporter->close(); });
    reporter->enter(SubmitStage::Validate, localize("Checking the run configuration"));
    name_experiment(request.configuration);
    check(request);
    const auto settling = settling_;
    if (settling) co_await settling->wait(stop);
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    auto reading = [request] { return read_local_facts(request); };
    auto facts = co_await async::run_blocking(state_.pool(), std::move(reading));
    if (!batch.abandoned) {
        auto looking = [directory = state_.directory(), request, endpoint = client.cloud().arm] {
            return read_abandoned(directory, request, endpoint);
        };
        auto entries = co_await async::run_blocking(state_.pool(), std::move(looking));
        batch.abandoned = std::move(entries);
    }
    facts.found = recently_reported();
    auto folders = co_await review_uploads(
        state_, request.configuration, std::move(request.ask_what_goes), stop);
    auto known = co_await KnownIds::load(state_, client.cloud().arm, request.workspace);
    SubmitContext context{
        client, state_, random_, known, reporter, request.workspace, std::move(folders)};
    Submission submission(context, batch, std::move(request), std::move(facts), log_);
    auto submitted = co_await submission.run(stop);
    const auto tenant =
        co_await connection->tenant_of(context.workspace.subscription(), std::move(stop));
    auto& url = submitted.run.studio_url;
    url = azure::studio_url_for(url, tenant);
    co_return submitted;
}

asio::awaitable<void> RunSubmitter::close(state::JournalEntry entry) {
    co_await close_entry(state_, std::move(entry), log_);
}

asio::awaitable<void> RunSubmitter::settle(OnSettled tell, std::stop_token stop) {
    Settling settling{std::move(tell), {}, false};
    co_await settle_all(settling, stop);
    while (settling.again) {
        co_await clock_.sleep_for(late_arrival, stop);
        co_await settle_all(settling, stop);
    }
}

asio::awaitable<void> RunSubmitter::settle_all(Settling& settling, std::stop_token stop) {
    settling.again = false;
    while (const auto other = settling_) co_await other->wait(stop);
    auto loop = co_await asio::this_coro::executor;
    settling_ = std::make_shared<async::Event>(std::move(loop));
    const ScopeExit ending([this] { std::exchange(settling_, nullptr)->set(); });
    auto reading = [directory = state_.directory()] {
        return state::Journal(directory).abandoned();
    };
    auto entries = co_await async::run_blocking(state_.pool(), std::move(reading));
    if (entries.empty()) co_return;
    auto* connection = co_await access_.connect(stop);
    for (auto& entry : entries) {
        const auto name = entry.submission().job_name;
        try {
            co_await settle_one(std::move(entry), *connection, settling, stop);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::Cancelled) throw;
            log_.error("cannot find out yet whether {} was created: {}", name, error.message());
        }
    }
}

asio::awaitable<void> RunSubmitter::settle_one(state::JournalEntry entry,
                                               workspace::AzureConnection& connection,
                                               Settling& settling,
                                               std::stop_token stop) {
    const auto submission = entry.submission();
    const auto workspace = azure::ResourceId::parse(submission.workspace_id);
    auto& client = connection.client;
    if (!workspace || submission.arm_endpoint != client.cloud().arm) co_return;
    auto job = co_await azure::jobs::find(client, *workspace, submission.job_name, stop);
    if (!job && settling.missing.insert(submission.job_name).second) {
        settling.again = true;
        co_return;
    }
    SettledSubmission outcome{run_of(submission, *workspace), job.has_value()};
    if (job) {
        co_await record_last_run(state_, submission, *job);
        outcome.run.status = job->status;
        const auto tenant =
            co_await connection.tenant_of(workspace->subscription(), std::move(stop));
        outcome.run.studio_url = azure::studio_url_for(job->studio_url, tenant);
    }
    co_await settling.tell(std::move(outcome));
    if (job) recently_reported_.push_back({FoundRun{submission, std::move(*job)}, clock_.now()});
    co_await close(std::move(entry));
}

std::vector<FoundRun> RunSubmitter::recently_reported() const {
    std::vector<FoundRun> found;
    for (const auto& reported : recently_reported_) {
        if (clock_.now() - reported.when < reading_time) found.push_back(reported.found);
    }
    return found;
}

}  // namespace aml::submit
