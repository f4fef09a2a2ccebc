#include "local/runner.hpp"

#include "async/linked_stop.hpp"
#include "async/run_blocking.hpp"
#include "async/task_group.hpp"
#include "execution/detached_program.hpp"
#include "execution/host_environment.hpp"
#include "execution/host_system.hpp"
#include "execution/supervised_process.hpp"
#include "local/file_store.hpp"
#include "local/known_places.hpp"
#include "local/python_call.hpp"
#include "platform/process.hpp"
#include "runconfig/rest_job.hpp"
#include "snapshot/listing.hpp"
#include "submit/job_name.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <exception>
#include <system_error>
#include <utility>

namespace aml::local {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds look_every{100};
/// Between the request to end and the force that follows.
constexpr std::chrono::milliseconds grace{5'000};

/// What is debugged is under a debugger's control, and no run that others are shown.
enum class Purpose { Run, Debug };

std::string person() {
    auto name = platform::variable("USER");
    return name.empty() ? platform::variable("USERNAME") : name;
}

RunRecord record_of_configuration(const runconfig::RunConfiguration& configuration,
                                  const std::string& command) {
    const auto& job = runconfig::basics_of(configuration.job);
    auto rest = runconfig::to_rest(configuration.job, {})["properties"];
    rest.erase("environmentId");
    const auto* program = runconfig::program_of(configuration.job);
    if (const auto* written = std::get_if<runconfig::InlineEnvironment>(&program->environment)) {
        if (written->conda) rest["environment"]["conda_file"] = *written->conda;
        if (written->conda_path) rest["environment"]["conda_file"] = *written->conda_path;
    }
    RunRecord record;
    record.display_name = job.display_name.value_or("");
    record.experiment = job.experiment_name.value_or("Default");
    record.user = person();
    record.configuration = configuration.file.string();
    record.script = runconfig::script_of(configuration).value_or(fs::path()).string();
    record.command = command;
    record.job = rest.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return record;
}

/// Everything that can be known to fail comes before the record is made.
BegunRun make_run(const runconfig::RunConfiguration& configuration,
                  const std::string& name,
                  Purpose purpose,
                  async::Clock::TimePoint now,
                  const std::stop_token& stop) {
    BegunRun run;
    const auto runs = runs_folder_of(configuration.file);
    run.plan = plan_run(configuration, RunFolder{runs / name});
    if (run.plan.code) snapshot::list_files(*run.plan.code, stop);
    run.record = record_of_configuration(configuration, run.plan.command);
    if (run.record.display_name.empty()) run.record.display_name = name;
    run.record.created_at = now;
    run.plan.variables.emplace_back("MLFLOW_EXPERIMENT_NAME", run.record.experiment);
    run.folder = make_run_folder(runs, name);
    run.preparing =
        std::make_shared<platform::File>(platform::File::open_or_create(run.folder.preparing()));
    run.preparing->lock();
    make_store(run.folder, run.record);
    for (const auto& note : run.plan.notes)
        execution::append_log(run.folder.build_log(), note + "\n");
    for (const auto& folder : run.plan.folders) fs::create_directories(folder);
    if (purpose == Purpose::Run) write_record(run.folder, run.record);
    return run;
}

/// The launch configuration of debugpy that runs the command in the folder. Source: debugpy's
/// "Debug configuration settings".
nlohmann::json debug_configuration(const BegunRun& run,
                                   const PythonCall& call,
                                   const fs::path& environment) {
    const auto programs = execution::programs_of(environment);
    nlohmann::json variables = nlohmann::json::object();
    for (const auto& [name, value] : whole_environment(run.plan, environment))
        variables[name] = value;
    nlohmann::json launch{
        {"type", "debugpy"},
        {"request", "launch"},
        {"python", {platform::find_program("python", programs.string()).string()}},
        {"pythonArgs", call.options},
        {"args", call.arguments},
        {"cwd", run.folder.code().string()},
        {"env", std::move(variables)},
        {"console", "internalConsole"}};
    if (call.is_module) {
        launch["module"] = call.what;
    } else {
        launch["program"] = (run.folder.code() / call.what).lexically_normal().string();
    }
    if (run.plan.code) {
        nlohmann::json mapping{{"localRoot", run.plan.code->string()},
                               {"remoteRoot", run.folder.code().string()}};
        launch["pathMappings"].push_back(std::move(mapping));
    }
    return launch;
}

}  // namespace

platform::Variables whole_environment(const RunPlan& plan, const fs::path& environment) {
    auto variables = platform::with_variables(execution::host_environment(), plan.variables);
    const auto path =
        execution::search_first(execution::programs_of(environment), execution::host_path());
    return platform::with_variables(std::move(variables),
                                    {{"VIRTUAL_ENV", environment.string()}, {"PATH", path}});
}

Runner::Runner(workspace::SavedState& state, async::Clock& clock, Random& random, Log log)
    : state_(state),
      clock_(clock),
      random_(random),
      log_(std::move(log)),
      program_(execution::own_program()),
      python_(state.pool(), no_python_, ""),
      environments_(program_, python_, execution::environment_cache("aml")) {}

asio::awaitable<void> Runner::require_python(runconfig::RunConfiguration configuration,
                                             std::stop_token stop) {
    // What is wrong with the configuration is told first.
    auto look = [configuration = std::move(configuration)] {
        plan_run(configuration, RunFolder{runs_folder_of(configuration.file) / "run"});
    };
    co_await async::run_blocking(state_.pool(), std::move(look));
    const auto python = co_await python_.find(std::move(stop));
    if (!python) throw Error(ErrorKind::Rejected, python_.missing());
}

asio::awaitable<BegunRun> Runner::begin(runconfig::RunConfiguration configuration,
                                        std::stop_token stop) {
    co_await require_python(configuration, stop);
    auto name = runconfig::basics_of(configuration.job).name.value_or("");
    if (name.empty()) name = submit::new_job_name(random_);
    const auto now = clock_.now();
    auto make = [configuration = std::move(configuration), name, now, stop] {
        return make_run(configuration, name, Purpose::Run, now, stop);
    };
    auto run = co_await async::run_blocking(state_.pool(), std::move(make));
    co_await remember_place(state_, run.folder.root.parent_path());
    log_.info("run {} begins in {}", name, run.folder.root.string());
    co_return run;
}

asio::awaitable<nlohmann::json> Runner::prepare_debugging(runconfig::RunConfiguration configuration,
                                                          std::stop_token stop) {
    co_await require_python(configuration, stop);
    const auto name = "debug_" + submit::new_job_name(random_);
    const auto now = clock_.now();
    auto make = [configuration = std::move(configuration), name, now, stop] {
        const RunFolder nowhere{runs_folder_of(configuration.file) / name};
        const auto plan = plan_run(configuration, nowhere);
        // Before anything is made.
        auto call = python_call(plan.command, plan.variables);
        return std::pair(make_run(configuration, name, Purpose::Debug, now, stop), std::move(call));
    };
    const auto made = co_await async::run_blocking(state_.pool(), std::move(make));
    const auto& run = made.first;
    const auto environment = co_await make_environment(run.folder, run.plan, stop, stop);
    auto bring = [folder = run.folder, code = run.plan.code, stop] {
        bring_code(folder, code, stop);
    };
    co_await async::run_blocking(state_.pool(), std::move(bring));
    co_return debug_configuration(run, made.second, environment);
}

asio::awaitable<void> Runner::watch_for_cancel(RunFolder folder,
                                               std::stop_source cancelled,
                                               std::stop_token stop) {
    for (;;) {
        auto look = [file = folder.cancelled()] {
            std::error_code ignored;
            return fs::exists(file, ignored);
        };
        if (co_await async::run_blocking(state_.pool(), std::move(look))) {
            cancelled.request_stop();
            co_return;
        }
        co_await clock_.sleep_for(look_every, stop);
    }
}

asio::awaitable<void> Runner::launch(BegunRun run, std::stop_token stop) {
    const auto loop = co_await asio::this_coro::executor;
    std::stop_source called_off;
    async::TaskGroup watch(loop, nullptr);
    watch.spawn(watch_for_cancel(run.folder, called_off, watch.stop_token()));
    std::exception_ptr failure;
    try {
        const async::LinkedStop either(stop, called_off.get_token());
        co_await prepare(run, either.token(), stop);
    } catch (...) {
        failure = std::current_exception();
    }
    watch.request_stop();
    co_await watch.join();
    if (failure && !called_off.stop_requested() && stop.stop_requested())
        std::rethrow_exception(failure);
    if (failure) {
        const bool is_cancelled = called_off.stop_requested();
        std::string status = is_cancelled ? "Canceled" : "Failed";
        std::string reason;
        if (!is_cancelled) reason = describe(failure);
        co_await note_end(run.folder, std::move(status), std::move(reason));
    }
    run.preparing.reset();
}

asio::awaitable<void> Runner::note_end(RunFolder folder, std::string status, std::string error) {
    RunState state{.status = std::move(status), .error = std::move(error)};
    state.ended_at = clock_.now();
    auto write = [folder = std::move(folder), state = std::move(state)] {
        write_end(folder, state);
    };
    co_await async::run_blocking(state_.pool(), std::move(write));
}

asio::awaitable<fs::path> Runner::make_environment(RunFolder folder,
                                                   RunPlan plan,
                                                   std::stop_token stop,
                                                   std::stop_token keep) {
    if (plan.environment.empty()) {
        const auto programs = folder.programs();
        const auto made = co_await python_.layer(programs, folder.build_log(), std::move(stop));
        if (made) co_return programs;
        throw Error(ErrorKind::Rejected,
                    localize("This computer's Python makes no virtual environment: {}",
                             execution::log_tail(folder.build_log())));
    }
    if (!environments_.is_built(plan.environment)) {
        co_await environments_.build(
            plan.environment, folder.build(), folder.build_log(), std::move(stop), std::move(keep));
    }
    co_return environments_.folder_of(plan.environment);
}

asio::awaitable<void> Runner::prepare(BegunRun& run, std::stop_token stop, std::stop_token keep) {
    const auto environment = co_await make_environment(run.folder, run.plan, stop, keep);
    auto bring = [folder = run.folder, code = run.plan.code, stop] {
        bring_code(folder, code, stop);
    };
    co_await async::run_blocking(state_.pool(), std::move(bring));
    auto shell = execution::choose_shell(run.plan.command, execution::host_path());
    if (stop.stop_requested()) throw cancelled();
    execution::append_log(run.folder.log(), shell.note);
    execution::LaunchPlan launch;
    launch.log = run.folder.log();
    launch.working_directory = run.folder.code();
    launch.arguments = std::move(shell.arguments);
    launch.environment = whole_environment(run.plan, environment);
    launch.grace = grace;
    auto process = execution::SupervisedProcess::launch(program_, run.folder.process(), launch);
    co_await process.begin(stop);
    // Asked for between the last look and the beginning.
    std::error_code ignored;
    if (fs::exists(run.folder.cancelled(), ignored)) process.terminate();
}

}  // namespace aml::local
