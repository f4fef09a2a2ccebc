#include "compute/job_scheduler.hpp"

#include "compute/job_run.hpp"
#include "compute/node_pools.hpp"
#include "compute/pipeline_run.hpp"
#include "compute/sweep_run.hpp"
#include "core/text.hpp"
#include "execution/environment_builder.hpp"
#include "execution/machine_python.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace aml::emulator {

namespace {

// Beyond these, jobs far back in a queue are not told of every node that comes and goes.
constexpr std::size_t jobs_shown = 50;

std::string job_key(std::string_view workspace_id, std::string_view run_id) {
    return fmt::format("{}/{}", to_lower(workspace_id), to_lower(run_id));
}

}  // namespace

struct JobScheduler::State {
    State(Context& context_, BlobService& blobs_, MetricStore& metrics_)
        : context(context_),
          blobs(blobs_),
          metrics(metrics_),
          files(context, blobs.store()),
          python(context.pool, context.settings.python, "--python"),
          environments(context.settings.program,
                       python,
                       context.settings.environment_cache.value_or(
                           execution::environment_cache("aml-emulator"))),
          pools(context, [this](std::string_view workspace_id, std::string_view compute) {
              show_compute(workspace_id, compute);
          }) {}

    void begin(const Run& run, Scheduler& scheduler) {
        if (same_text(text_at(run.job, "jobType"), "Sweep")) {
            begin_sweep(run, scheduler);
        } else if (same_text(text_at(run.job, "jobType"), "Pipeline")) {
            begin_pipeline(run, scheduler);
        } else {
            begin_job(run);
        }
    }

    void begin_sweep(const Run& run, Scheduler& scheduler) {
        auto sweep = std::make_shared<SweepRun>(
            context, metrics, scheduler, run.workspace_id, run.id, context.tasks.stop_token());
        const auto key = job_key(run.workspace_id, run.id);
        sweeps[key] = sweep;
        context.tasks.spawn(follow_sweep(key, std::move(sweep)));
    }

    asio::awaitable<void> follow_sweep(std::string key, std::shared_ptr<SweepRun> sweep) {
        co_await sweep->run();
        sweeps.erase(key);
    }

    void begin_pipeline(const Run& run, Scheduler& scheduler) {
        auto pipeline = std::make_shared<PipelineRun>(
            context, blobs, scheduler, run.workspace_id, run.id, context.tasks.stop_token());
        const auto key = job_key(run.workspace_id, run.id);
        pipelines[key] = pipeline;
        context.tasks.spawn(follow_pipeline(key, std::move(pipeline)));
    }

    asio::awaitable<void> follow_pipeline(std::string key, std::shared_ptr<PipelineRun> pipeline) {
        co_await pipeline->run();
        pipelines.erase(key);
    }

    void begin_job(const Run& run) {
        auto job = std::make_shared<JobRun>(JobHost{context, blobs, python, environments, pools},
                                            run.workspace_id,
                                            run.id,
                                            context.tasks.stop_token());
        const auto key = job_key(run.workspace_id, run.id);
        jobs[key] = job;
        context.tasks.spawn(follow(key, std::move(job)));
    }

    asio::awaitable<void> follow(std::string key, std::shared_ptr<JobRun> job) {
        co_await job->run();
        jobs.erase(key);
    }

    void show_compute(std::string_view workspace_id, std::string_view compute) {
        const auto* cluster = pools.find(workspace_id, compute);
        if (cluster == nullptr) return;
        const auto runs = context.runs.select(
            fmt::format("{} AND +workspace_id = ? AND target = ? AND status IN ('Queued', "
                        "'Running') AND +kind = 'job'",
                        is_unfinished),
            {std::string(workspace_id), std::string(compute)},
            "sequence",
            jobs_shown);
        Transaction transaction(context.store);
        for (const auto& run : runs) {
            const auto job = jobs.find(job_key(workspace_id, run.id));
            if (job != jobs.end()) job->second->show_compute(*cluster);
        }
        transaction.commit();
    }

    Context& context;
    BlobService& blobs;
    MetricStore& metrics;
    JobFiles files;
    execution::MachinePython python;
    execution::EnvironmentBuilder environments;
    NodePools pools;
    // Shared with the coroutine that runs the job.
    std::map<std::string, std::shared_ptr<JobRun>, std::less<>> jobs;
    std::map<std::string, std::shared_ptr<SweepRun>, std::less<>> sweeps;
    std::map<std::string, std::shared_ptr<PipelineRun>, std::less<>> pipelines;
};

JobScheduler::JobScheduler(Context& context, BlobService& blobs, MetricStore& metrics)
    : state_(std::make_unique<State>(context, blobs, metrics)) {}

JobScheduler::~JobScheduler() = default;

void JobScheduler::start() {
    auto& context = state_->context;
    for (const auto& workspace : context.resources.all_workspaces()) {
        PageRequest all{0, 10'000};
        for (const auto& compute : context.resources.list(workspace.id, "computes", "", all)) {
            state_->pools.refresh(workspace.id, compute.name);
        }
    }
    for (const auto& run : context.runs.unfinished()) {
        if (run.kind == "job") state_->begin(run, *this);
    }
    context.tasks.spawn(state_->pools.scale(context.tasks.stop_token()));
}

asio::awaitable<void> JobScheduler::warn_without_python() {
    const auto found = co_await state_->python.find(state_->context.tasks.stop_token());
    if (!found) state_->context.log.error("{}", state_->python.missing());
}

void JobScheduler::run_created(std::string_view workspace_id, std::string_view run_id) {
    if (const auto run = state_->context.runs.find(workspace_id, run_id))
        state_->begin(*run, *this);
}

void JobScheduler::cancel_requested(std::string_view workspace_id, std::string_view run_id) {
    const auto job = state_->jobs.find(job_key(workspace_id, run_id));
    if (job != state_->jobs.end()) job->second->cancel();
    const auto sweep = state_->sweeps.find(job_key(workspace_id, run_id));
    if (sweep != state_->sweeps.end()) sweep->second->cancel();
    const auto pipeline = state_->pipelines.find(job_key(workspace_id, run_id));
    if (pipeline != state_->pipelines.end()) pipeline->second->cancel();
}

void JobScheduler::run_deleted(std::string_view workspace_id, std::string_view run_id) {
    const auto job = state_->jobs.find(job_key(workspace_id, run_id));
    if (job != state_->jobs.end()) {
        job->second->forget();
        return;
    }
    auto& context = state_->context;
    const auto workspace = context.resources.find_workspace_by_id(workspace_id);
    const auto account = workspace ? workspace->storage_account : "";
    const auto folders = job_folders(context, workspace_id, run_id);
    context.tasks.spawn(state_->files.forget(folders.root, account, std::string(run_id)));
}

void JobScheduler::compute_changed(std::string_view workspace_id, std::string_view name) {
    state_->pools.refresh(workspace_id, name);
}

void JobScheduler::compute_deleted(std::string_view workspace_id, std::string_view name) {
    state_->pools.remove(workspace_id, name);
    const std::vector<Value> of_compute{std::string(workspace_id), std::string(name)};
    const auto runs = state_->context.runs.select(
        fmt::format("{} AND +workspace_id = ? AND target = ? AND +kind = 'job'", is_unfinished),
        of_compute,
        "sequence",
        10'000);
    for (const auto& run : runs) {
        const auto job = state_->jobs.find(job_key(workspace_id, run.id));
        if (job != state_->jobs.end()) job->second->compute_deleted();
    }
}

ClusterState JobScheduler::cluster(std::string_view workspace_id, std::string_view name) const {
    const auto* cluster = state_->pools.find(workspace_id, name);
    return cluster == nullptr ? ClusterState{} : show(*cluster);
}

}  // namespace aml::emulator
