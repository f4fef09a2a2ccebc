#include "domain/run_submitter.hpp"

#include "async/event.hpp"
#include "async/run_blocking.hpp"
#include "azure/jobs.hpp"
#include "domain/submission.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <optional>
#include <utility>

namespace aml::domain {
namespace {

/// A configuration is submitted by one call at a time.
class InFlight final {
public:
    InFlight(std::set<std::filesystem::path>& all, std::filesystem::path file)
        : all_(all),
          file_(std::move(file)) {
        if (all_.insert(file_).second) return;
        throw Error(ErrorKind::Conflict,
                    localize("{} is being submitted already.", file_.filename().string()));
    }

    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;

    ~InFlight() { all_.erase(file_); }

private:
    std::set<std::filesystem::path>& all_;
    std::filesystem::path file_;
};

/// Runs `action` at the end of a scope.
template <typename Action>
class Finally final {
public:
    explicit Finally(Action action)
        : action_(std::move(action)) {}

    Finally(const Finally&) = delete;
    Finally& operator=(const Finally&) = delete;

    ~Finally() { action_(); }

private:
    Action action_;
};

void check(const SubmitRequest& request) {
    const auto& job = request.configuration.job;
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

std::string tenant_of(const AzureConnection& connection) {
    const auto& account = connection.session.account();
    return account ? account->tenant : std::string();
}

SettledSubmission report(const FoundRun& found,
                         const azure::ResourceId& workspace,
                         const std::string& tenant) {
    const auto& [submission, job] = found;
    SettledSubmission result;
    result.workspace = workspace;
    result.job_name = submission.job_name;
    result.display_name =
        submission.display_name.empty() ? submission.job_name : submission.display_name;
    result.experiment = submission.experiment;
    result.script = submission.script;
    result.created = job.has_value();
    if (job) {
        result.status = job->status;
        result.studio_url = azure::studio_url_for(job->studio_url, tenant);
    }
    return result;
}

}  // namespace

struct RunSubmitter::Settling {
    explicit Settling(asio::any_io_executor loop)
        : done(std::move(loop)) {}

    async::Event done;
    std::vector<FoundRun> found;
};

RunSubmitter::RunSubmitter(
    AzureAccess& access, SavedState& state, async::Clock& clock, Random& random, Log log)
    : access_(access),
      state_(state),
      clock_(clock),
      random_(random),
      log_(std::move(log)) {}

asio::awaitable<SubmittedRun> RunSubmitter::submit(SubmitRequest request,
                                                   OnSubmitProgress on_progress,
                                                   std::stop_token stop) {
    const InFlight in_flight(in_flight_, request.configuration.file);
    auto loop = co_await asio::this_coro::executor;
    auto reporter =
        std::make_shared<SubmitReporter>(std::move(loop), clock_, std::move(on_progress));
    // Reads that are still on the pool must not report to a caller that has gone.
    auto close = [reporter] { reporter->close(); };
    const Finally closing(close);
    reporter->enter(SubmitStage::Validate, localize("Checking the run configuration"));
    check(request);
    const auto settling = settling_;
    if (settling) co_await settling->done.wait(stop);
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    auto reading = [directory = state_.directory(), request, endpoint = client.cloud().arm] {
        return read_local_facts(directory, request, endpoint);
    };
    auto facts = co_await async::run_blocking(state_.pool(), std::move(reading));
    if (settling) facts.found = settling->found;
    auto known = co_await KnownIds::load(state_, client.cloud().arm, request.workspace);
    SubmitContext context{client, state_, random_, known, reporter, request.workspace};
    Submission submission(context, std::move(request), std::move(facts), log_);
    auto run = co_await submission.run(std::move(stop));
    run.studio_url = azure::studio_url_for(run.studio_url, tenant_of(*connection));
    co_return run;
}

asio::awaitable<void> RunSubmitter::settle(OnSettled tell, std::stop_token stop) {
    auto loop = co_await asio::this_coro::executor;
    const auto settling = std::make_shared<Settling>(std::move(loop));
    settling_ = settling;
    auto end = [this, settling] {
        settling->done.set();
        if (settling_ == settling) settling_.reset();
    };
    const Finally ending(end);
    auto reading = [directory = state_.directory()] {
        return state::Journal(directory).abandoned();
    };
    auto entries = co_await async::run_blocking(state_.pool(), std::move(reading));
    if (entries.empty()) co_return;
    auto* connection = co_await access_.connect(stop);
    for (auto& entry : entries) {
        const auto name = entry.submission().job_name;
        try {
            co_await settle_one(std::move(entry), *connection, *settling, tell, stop);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::Cancelled) throw;
            log_.error("cannot find out yet whether {} was created: {}", name, error.message());
        }
    }
}

asio::awaitable<void> RunSubmitter::settle_one(state::JournalEntry entry,
                                               AzureConnection& connection,
                                               Settling& settling,
                                               OnSettled tell,
                                               std::stop_token stop) {
    FoundRun found;
    found.submission = entry.submission();
    const auto workspace = azure::ResourceId::parse(found.submission.workspace_id);
    auto& client = connection.client;
    if (!workspace || found.submission.arm_endpoint != client.cloud().arm) co_return;
    found.job =
        co_await azure::jobs::find(client, *workspace, found.submission.job_name, std::move(stop));
    if (found.job) co_await record_last_run(state_, found.submission, *found.job);
    tell(report(found, *workspace, tenant_of(connection)));
    settling.found.push_back(std::move(found));
    auto closing = [entry = std::move(entry)]() mutable { entry.settle(); };
    co_await async::run_blocking(state_.pool(), std::move(closing));
}

}  // namespace aml::domain
