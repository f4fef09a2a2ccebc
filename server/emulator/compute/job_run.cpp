#include "compute/job_run.hpp"

#include "async/run_blocking.hpp"
#include "core/error_response.hpp"
#include "core/time.hpp"
#include "execution/host_environment.hpp"
#include "execution/host_system.hpp"
#include "execution/placeholders.hpp"
#include "support/error.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::emulator {

namespace {

constexpr std::string_view status_tag = "_aml_system_ComputeTargetStatus";
constexpr std::chrono::seconds grace{5};

}  // namespace

JobRun::JobRun(JobHost host, std::string workspace_id, std::string run_id, std::stop_token shutdown)
    : host_(host),
      workspace_id_(std::move(workspace_id)),
      run_id_(std::move(run_id)),
      folders_(job_folders(host_.context, workspace_id_, run_id_)),
      files_(host_.context, host_.blobs.store()),
      shutdown_(std::move(shutdown)),
      on_shutdown_(shutdown_, [this] { stop_.request_stop(); }) {}

asio::awaitable<void> JobRun::run() {
    std::exception_ptr error;
    try {
        co_await start();
    } catch (...) {
        error = std::current_exception();
    }
    if (forgotten_) {
        if (has_node_) host_.pools.release(workspace_id_, compute_, run_id_);
        co_return co_await files_.forget(folders_.root, account_, run_id_);
    }
    if (shutdown_.stop_requested() && error) co_return;
    if (cancelled_) {
        finish(run_status::canceled, nullptr);
    } else if (!fatal_reason_.empty() || error) {
        fail(fatal_reason_.empty() ? describe(error) : fatal_reason_, {"JobFailed"});
    }
    auto work = [this] { clean_up(); };
    co_await async::run_blocking(host_.context.pool, std::move(work));
}

void JobRun::cancel() {
    if (cancelled_) return;
    cancelled_ = true;
    enter(run_status::cancel_requested);
    stop_.request_stop();
}

void JobRun::forget() {
    forgotten_ = true;
    stop_.request_stop();
}

void JobRun::compute_deleted() {
    fatal_reason_ = fmt::format("The compute '{}' was deleted.", compute_);
    stop_.request_stop();
}

asio::awaitable<void> JobRun::start() {
    auto& context = host_.context;
    const auto workspace = context.resources.find_workspace_by_id(workspace_id_);
    const auto run = context.runs.find(workspace_id_, run_id_);
    if (!workspace || !run) {
        forgotten_ = true;
        co_return;
    }
    account_ = workspace->storage_account;
    compute_ = run->target;
    if (run->status == run_status::cancel_requested) {
        cancelled_ = true;
        stop_.request_stop();
    }
    std::filesystem::create_directories(folders_.process);
    if (run->status == run_status::not_started) enter(run_status::starting);
    const auto plan = plan_job(context, *workspace, *run, folders_);
    nodes_ = plan.processes.nodes;
    JobProcesses processes(folders_, plan.processes);
    if (!processes.were_launched()) {
        co_await prepare_environment(plan);
        co_await get_nodes();
        co_await bring_files(plan);
        if (stop_.stop_requested()) throw cancelled();
        co_await launch(processes, plan);
    } else if (processes.are_running()) {
        host_.pools.occupy(workspace_id_, compute_, run_id_, nodes_);
        has_node_ = true;
        const bool are_missing = processes.are_incomplete() && !stop_.stop_requested();
        if (are_missing) co_await launch(processes, plan);
    }
    note_running();
    co_await follow(processes, plan);
    co_await finalize(plan);
    settle(processes, plan);
}

asio::awaitable<void> JobRun::prepare_environment(const JobPlan& plan) {
    if (host_.context.settings.environments == Environments::System || plan.environment.empty())
        co_return;
    if (host_.environments.is_built(plan.environment)) co_return;
    enter(run_status::preparing);
    publish_log(folders_.build_log, "azureml-logs/20_image_build_log.txt");
    co_await host_.environments.build(
        plan.environment, folders_.build, folders_.build_log, stop_.get_token(), shutdown_);
}

asio::awaitable<void> JobRun::get_nodes() {
    enter(run_status::queued);
    co_await host_.pools.acquire(workspace_id_, compute_, run_id_, nodes_, stop_.get_token());
    has_node_ = true;
}

asio::awaitable<void> JobRun::bring_files(const JobPlan& plan) {
    // What an emulator that was killed had brought here may be of any size.
    auto clear = [code = folders_.code] { std::filesystem::remove_all(code); };
    co_await async::run_blocking(host_.context.pool, std::move(clear));
    for (const auto& folder : {folders_.code,
                               folders_.code / "outputs",
                               folders_.code / "logs",
                               folders_.inputs,
                               folders_.outputs,
                               folders_.programs}) {
        std::filesystem::create_directories(folder);
    }
    if (plan.code) co_await files_.fetch(*plan.code, folders_.code, stop_.get_token());
    for (const auto& input : plan.inputs)
        co_await files_.fetch(input.source, input.target, stop_.get_token());
    for (const auto& output : plan.outputs) {
        const bool file = output.source.parent_path() != folders_.outputs;
        std::filesystem::create_directories(file ? output.source.parent_path() : output.source);
    }
}

asio::awaitable<void> JobRun::launch(JobProcesses& processes, const JobPlan& plan) {
    const auto& ranks = plan.processes.ranks;
    for (const auto& rank : ranks)
        publish_log(folders_.log_of(rank), fmt::format("user_logs/{}", rank.log));
    auto variables = plan.variables;
    const auto environment = co_await find_environment(plan, processes.were_launched());
    auto path = execution::host_path();
    auto shell = execution::choose_shell(plan.command, path);
    if (environment) {
        path = execution::search_first(execution::programs_of(*environment), path);
        variables.emplace_back("VIRTUAL_ENV", environment->string());
    }
    variables.emplace_back("PATH", path);
    execution::LaunchPlan common;
    common.working_directory = folders_.code;
    common.arguments = std::move(shell.arguments);
    common.environment = platform::with_variables(execution::host_environment(), variables);
    common.grace = grace;
    const auto ports = ports_of(plan);
    std::function<execution::LaunchPlan(const Rank&)> plan_of = [&](const Rank& rank) {
        auto launch = common;
        launch.log = folders_.log_of(rank);
        launch.environment = platform::with_variables(std::move(launch.environment),
                                                      rank_variables(plan.processes, rank, ports));
        execution::append_log(launch.log, shell.note);
        return launch;
    };
    if (stop_.stop_requested()) throw cancelled();
    // Until they can be asked to end, a cancel has to wait.
    co_await processes.launch(host_.context.settings.program, std::move(plan_of), shutdown_);
}

/// Where the job's processes meet: the same ports for those that are started after a kill of the
/// emulator.
std::vector<std::uint16_t> JobRun::ports_of(const JobPlan& plan) {
    const auto run = host_.context.runs.find(workspace_id_, run_id_);
    const auto known = run ? run->runner.value("ports", std::vector<std::uint16_t>())
                           : std::vector<std::uint16_t>();
    if (known.size() == plan.processes.ports()) return known;
    auto ports = free_ports(plan.processes.ports());
    change([&](Run& changed) { changed.runner["ports"] = ports; });
    return ports;
}

/// The virtual environment that the job runs in, which was built or is made for it now; nothing,
/// with the reason in its log, where the machine has no Python for that.
asio::awaitable<std::optional<std::filesystem::path>> JobRun::find_environment(const JobPlan& plan,
                                                                               bool is_in_use) {
    const bool system =
        host_.context.settings.environments == Environments::System || plan.environment.empty();
    if (!system) co_return host_.environments.folder_of(plan.environment);
    if (is_in_use && std::filesystem::exists(execution::programs_of(folders_.programs)))
        co_return folders_.programs;
    const bool made = co_await host_.python.layer(
        folders_.programs, folders_.log_of(plan.processes.ranks.front()), stop_.get_token());
    co_return made ? std::optional(folders_.programs) : std::nullopt;
}

// Right after the start, or at the next start of the emulator if it was killed in between.
void JobRun::note_running() {
    change([&](Run& run) {
        if (run.started) return;
        run.started = host_.context.clock.now();
        run.queueing = nullptr;
        if (!cancelled_) run.status = run_status::running;
        run.properties["ProcessInfoFile"] = "azureml-logs/process_info.json";
        run.properties["ProcessStatusFile"] = "azureml-logs/process_status.json";
    });
}

asio::awaitable<void> JobRun::follow(JobProcesses& processes, const JobPlan& plan) {
    const auto run = host_.context.runs.find(workspace_id_, run_id_);
    std::stop_source done;
    if (run && plan.timeout) {
        const auto since = run->started.value_or(host_.context.clock.now());
        host_.context.tasks.spawn(expire(since + *plan.timeout, done.get_token()));
    }
    bool stopped = false;
    try {
        co_await processes.wait(stop_.get_token());
    } catch (const Error&) {
        stopped = true;
    }
    done.request_stop();
    if (shutdown_.stop_requested() && stopped) throw cancelled();
    if (!stopped) co_return;
    processes.terminate();
    co_await processes.wait(shutdown_);
}

asio::awaitable<void> JobRun::expire(Time deadline, std::stop_token done) {
    co_await host_.context.clock.sleep_until(deadline, std::move(done));
    timed_out_ = true;
    stop_.request_stop();
}

asio::awaitable<void> JobRun::finalize(const JobPlan& plan) {
    if (forgotten_) co_return;
    if (!cancelled_) enter(run_status::finalizing);
    const auto earliest_end = host_.context.clock.now() + host_.context.settings.node_start;
    const auto workspace = host_.context.resources.find_workspace_by_id(workspace_id_);
    if (!workspace) co_return;
    for (const std::string folder : {"outputs", "logs"}) {
        const StoragePlace place{workspace->storage_account,
                                 std::string(artifact_container),
                                 artifact_name(run_id_, folder)};
        co_await files_.keep(folders_.code / folder, place, shutdown_);
    }
    for (const auto& output : plan.outputs)
        co_await files_.keep(output.source, output.target, shutdown_);
    // A node takes its time to hand over, and clients want to see the status.
    if (!cancelled_) co_await host_.context.clock.sleep_until(earliest_end, shutdown_);
}

void JobRun::settle(const JobProcesses& processes, const JobPlan& plan) {
    if (forgotten_ || cancelled_ || !fatal_reason_.empty()) return;
    if (timed_out_) {
        const auto message =
            fmt::format("The job was canceled because it ran longer than its limit of {} seconds.",
                        plan.timeout ? plan.timeout->count() : 0);
        finish(run_status::canceled,
               error_response(
                   "UserError", message, {"JobTimedOut"}, "execution", host_.context.clock.now()));
        return;
    }
    const auto failure = processes.first_failure();
    const auto name = failure ? rank_name(plan.processes, *failure->rank) : std::string();
    if (failure && !failure->exit) {
        fail(fmt::format("The job's process{} was lost: whoever watched over it was killed. Submit "
                         "the job again.",
                         name.empty() ? "" : fmt::format(" of {}", name)),
             {"NodeLost"});
        return;
    }
    const auto exit = failure ? *failure->exit : execution::ProcessExit();
    change(
        [&](Run& run) { run.runner["exitCode"] = exit.signalled ? 128 + exit.code : exit.code; });
    if (!failure) {
        finish(run_status::completed, nullptr);
        return;
    }
    const auto& rank = *failure->rank;
    const execution::FailedProcess failed{exit, rank.log, name};
    fail(execution::failure_message(
             plan.command, failed, execution::log_tail(folders_.log_of(rank))),
         {"UserExecutionFailed"});
}

void JobRun::fail(std::string_view message, const std::vector<std::string>& codes) {
    finish(run_status::failed,
           error_response("UserError", message, codes, "CommonRuntime", host_.context.clock.now()));
}

void JobRun::finish(std::string_view status, json error) {
    if (has_node_) host_.pools.release(workspace_id_, compute_, run_id_);
    has_node_ = false;
    change([&](Run& run) {
        if (is_final(run.status)) return;
        run.status = status;
        run.error = std::move(error);
        run.queueing = nullptr;
        run.ended = host_.context.clock.now();
    });
}

// Logs stay where the blob store serves them from; everything else has been copied or is not
// wanted.
void JobRun::clean_up() {
    std::error_code ignored;
    for (const auto& folder :
         {folders_.code, folders_.inputs, folders_.outputs, folders_.programs, folders_.build}) {
        std::filesystem::remove_all(folder, ignored);
    }
}

void JobRun::show_compute(const Cluster& cluster) {
    const auto status = compute_target_status(cluster);
    const auto position = cluster.position(run_id_);
    change([&](Run& run) {
        if (is_final(run.status)) return;
        run.tags[std::string(status_tag)] = status;
        if (!position) return;
        const auto nodes = nodes_ == 1 ? std::string("a node") : fmt::format("{} nodes", nodes_);
        const auto name = compute_.empty() ? std::string("serverless compute") : compute_;
        const auto message = *position > 0
                                 ? fmt::format("Waiting behind {} other job{} for {} of '{}'.",
                                               *position,
                                               *position == 1 ? "" : "s",
                                               nodes,
                                               name)
                                 : fmt::format("Waiting for {} of '{}' to start.", nodes, name);
        run.queueing = {{"code", "WaitingForNodes"},
                        {"message", message},
                        {"lastRefreshTimestamp", iso_time(host_.context.clock.now())}};
    });
}

void JobRun::enter(std::string_view status) {
    change([&](Run& run) {
        if (!is_final(run.status)) run.status = status;
    });
}

void JobRun::change(const std::function<void(Run&)>& edit) {
    if (forgotten_) return;
    auto run = host_.context.runs.find(workspace_id_, run_id_);
    if (!run) return;
    edit(*run);
    host_.context.runs.update(*run, host_.context.clock.now());
}

void JobRun::publish_log(const std::filesystem::path& file, std::string_view path) {
    const auto workspace = host_.context.resources.find_workspace_by_id(workspace_id_);
    if (!workspace) return;
    execution::append_log(file, "");
    auto& store = host_.blobs.store();
    store.create_container(workspace->storage_account, artifact_container);
    const BlobKey key{
        workspace->storage_account, std::string(artifact_container), artifact_name(run_id_, path)};
    const auto content = file.lexically_relative(host_.context.state).generic_string();
    store.put_growing(key, content, "text/plain; charset=utf-8");
}

}  // namespace aml::emulator
