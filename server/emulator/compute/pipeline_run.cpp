#include "compute/pipeline_run.hpp"

#include "compute/job_files.hpp"
#include "compute/job_plan.hpp"
#include "compute/pipeline_step.hpp"
#include "core/error_response.hpp"
#include "core/step_binding.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "execution/supervised_process.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace aml::emulator {

namespace {

constexpr std::chrono::milliseconds look_at_steps_every{200};
constexpr std::size_t most_steps = 10'000;
/// Where azure-ai-ml looks for what a pipeline tells.
constexpr auto execution_log = "logs/azureml/executionlogs.txt";

std::string step_of(const Run& run) {
    return run.runner.value("step", std::string());
}

bool has_ended_badly(const Run& run) {
    return is_final(run.status) && run.status != run_status::completed;
}

bool goes_on_after_failure(const Run& pipeline) {
    return pipeline.job["settings"].value("continue_on_step_failure", json(false)) == true;
}

/// The GUID in `…/codes/{guid}/versions/1`.
json snapshot_in(const std::string& code) {
    const auto begin = code.find("/codes/");
    if (begin == std::string::npos) return nullptr;
    const auto start = begin + 7;
    return code.substr(start, code.find('/', start) - start);
}

}  // namespace

PipelineRun::PipelineRun(Context& context,
                         BlobService& blobs,
                         Scheduler& scheduler,
                         std::string workspace_id,
                         std::string run_id,
                         std::stop_token shutdown)
    : context_(context),
      blobs_(blobs),
      scheduler_(scheduler),
      workspace_id_(std::move(workspace_id)),
      run_id_(std::move(run_id)),
      shutdown_(std::move(shutdown)) {}

asio::awaitable<void> PipelineRun::run() {
    begin();
    while (!forgotten_ && go_on())
        co_await context_.clock.sleep_for(look_at_steps_every, shutdown_);
}

void PipelineRun::cancel() {
    if (cancelled_) return;
    cancelled_ = true;
    change([](Run& run) {
        if (!is_final(run.status)) run.status = run_status::cancel_requested;
    });
}

void PipelineRun::forget() {
    forgotten_ = true;
}

void PipelineRun::begin() {
    change([&](Run& run) {
        cancelled_ = run.status == run_status::cancel_requested;
        if (run.started) return;
        run.started = context_.clock.now();
        if (!cancelled_) run.status = run_status::running;
    });
}

bool PipelineRun::go_on() {
    const auto pipeline = context_.runs.find(workspace_id_, run_id_);
    if (!pipeline) return false;
    const auto steps = read_steps(*pipeline);
    for (const auto& [name, run] : steps) {
        auto& told = told_[name];
        if (told != run.status && is_final(run.status))
            tell(fmt::format("Step {} ({}) has ended: {}.", name, run.id, run.status));
        told = run.status;
    }
    const auto is_active = [](const auto& step) { return !is_final(step.second.status); };
    const auto is_bad = [](const auto& step) { return has_ended_badly(step.second); };
    const bool has_failed = std::any_of(steps.begin(), steps.end(), is_bad);
    const bool ends =
        cancelled_ || !problem_.empty() || (has_failed && !goes_on_after_failure(*pipeline));
    if (ends) {
        stop_steps(steps);
    } else if (start_steps(*pipeline, steps)) {
        return true;
    }
    if (std::any_of(steps.begin(), steps.end(), is_active)) return true;
    // A step that could not be put together has been found just now.
    if (!ends && !problem_.empty()) return true;
    finish_with(steps);
    return false;
}

PipelineRun::Steps PipelineRun::read_steps(const Run& pipeline) {
    Steps steps;
    auto runs = context_.runs.select("workspace_id = ? AND parent_id = ? AND kind = 'job'",
                                     {pipeline.workspace_id, pipeline.id},
                                     "sequence",
                                     most_steps);
    for (auto& run : runs) {
        auto name = step_of(run);
        steps.emplace(std::move(name), std::move(run));
    }
    return steps;
}

bool PipelineRun::start_steps(const Run& pipeline, const Steps& steps) {
    bool any = false;
    for (const auto& [name, node] : pipeline.job["jobs"].items()) {
        if (steps.contains(name)) continue;
        const auto needs = needs_of(node);
        const bool is_ready = std::all_of(needs.begin(), needs.end(), [&](const auto& need) {
            const auto found = steps.find(need);
            return found != steps.end() && found->second.status == run_status::completed;
        });
        if (!is_ready) continue;
        try {
            start_step(pipeline, name, steps);
            any = true;
        } catch (const Error& error) {
            problem_ = error.message();
            return any;
        }
    }
    return any;
}

void PipelineRun::start_step(const Run& pipeline, const std::string& name, const Steps& steps) {
    Run run;
    run.workspace_id = pipeline.workspace_id;
    run.id = context_.random.uuid();
    run.uuid = context_.random.uuid();
    auto made = step_job(context_, pipeline, name, run.id, steps);
    run.experiment_id = pipeline.experiment_id;
    run.display_name = std::move(made.display_name);
    run.target = std::move(made.target);
    run.parent_id = pipeline.id;
    run.root_id = pipeline.root_id.empty() ? pipeline.id : pipeline.root_id;
    run.tags = std::move(made.tags);
    run.properties = {
        {"_azureml.ComputeTargetType", run.target.empty() ? "serverless" : "amlctrain"},
        {"azureml.runsource", "azureml.StepRun"},
        {"azureml.pipelinerunid", pipeline.id},
        {"azureml.nodeid", run.uuid.substr(0, 8)},
        {"azureml.moduleName", name}};
    const auto snapshot = snapshot_in(text_at(made.job, "codeId"));
    if (!snapshot.is_null()) run.properties["ContentSnapshotId"] = snapshot;
    run.job = std::move(made.job);
    run.runner["step"] = name;
    run.created_by = pipeline.created_by;
    run.created = context_.clock.now();
    context_.runs.insert(run);
    tell(fmt::format("Step {} ({}) is submitted.", name, run.id));
    scheduler_.run_created(workspace_id_, run.id);
}

void PipelineRun::stop_steps(const Steps& steps) {
    for (const auto& [name, run] : steps) {
        if (!is_final(run.status)) scheduler_.cancel_requested(workspace_id_, run.id);
    }
}

void PipelineRun::finish_with(const Steps& steps) {
    if (cancelled_) return finish(run_status::canceled, nullptr);
    if (!problem_.empty()) return fail(problem_);
    std::vector<std::string> failed;
    bool was_cancelled = false;
    for (const auto& [name, run] : steps) {
        if (run.status == run_status::failed) failed.push_back("/" + name);
        was_cancelled = was_cancelled || run.status == run_status::canceled;
    }
    if (!failed.empty()) {
        fail(
            fmt::format("Pipeline has failed child jobs. Failed nodes: {}. For more details and "
                        "logs, please go to the job detail page and check the child jobs.",
                        fmt::join(failed, ", ")));
    } else {
        finish(was_cancelled ? run_status::canceled : run_status::completed, nullptr);
    }
}

void PipelineRun::fail(std::string_view message) {
    finish(run_status::failed,
           error_response(
               "UserError", message, {"PipelineRunFailed"}, "pipelines", context_.clock.now()));
}

void PipelineRun::finish(std::string_view status, json error) {
    tell(fmt::format("The pipeline has ended: {}.", status));
    change([&](Run& run) {
        if (is_final(run.status)) return;
        run.status = status;
        run.error = std::move(error);
        run.ended = context_.clock.now();
    });
}

void PipelineRun::change(const std::function<void(Run&)>& edit) {
    if (forgotten_) return;
    auto run = context_.runs.find(workspace_id_, run_id_);
    if (!run) return;
    edit(*run);
    context_.runs.update(*run, context_.clock.now());
}

/// Adds a line to the pipeline's log.
void PipelineRun::tell(std::string_view line) {
    const auto workspace = context_.resources.find_workspace_by_id(workspace_id_);
    if (!workspace || forgotten_) return;
    const auto folder = job_folders(context_, workspace_id_, run_id_).root;
    const auto file = folder / "executionlogs.txt";
    std::filesystem::create_directories(folder);
    execution::append_log(file, fmt::format("[{}] {}\n", iso_time(context_.clock.now()), line));
    auto& store = blobs_.store();
    store.create_container(workspace->storage_account, artifact_container);
    const BlobKey key{workspace->storage_account,
                      std::string(artifact_container),
                      artifact_name(run_id_, execution_log)};
    const auto content = file.lexically_relative(context_.state).generic_string();
    store.put_growing(key, content, "text/plain; charset=utf-8");
}

}  // namespace aml::emulator
