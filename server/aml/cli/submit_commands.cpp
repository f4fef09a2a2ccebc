#include "cli/commands.hpp"
#include "cli/follow.hpp"
#include "cli/invocation.hpp"
#include "cli/local_run.hpp"
#include "cli/parallel_runs.hpp"
#include "cli/prepare.hpp"
#include "cli/submission_view.hpp"
#include "submit/run_plan.hpp"
#include "submit/run_submitter.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <array>
#include <utility>

namespace aml::cli {
namespace {

constexpr OptionSpec yes_option{
    "--yes",
    "",
    Localizable("Send what would be asked about: private keys, credentials, large data.")};

constexpr OptionSpec plan_option{
    "--plan",
    "",
    Localizable("Say what it would take, and submit and upload nothing: machines and their price,\n"
                "nodes, image, files to send, quota.")};

constexpr OptionSpec experiment_option{
    "--experiment", "NAME", Localizable("The experiment to put the run under.")};
constexpr OptionSpec compute_option{
    "--compute",
    "NAME",
    Localizable("The compute to run on, or serverless for a machine of this run only.")};
constexpr OptionSpec environment_option{
    "--environment",
    "WHAT",
    Localizable("sklearn, pytorch, tensorflow or general; an environment of the workspace as\n"
                "azureml:NAME:VERSION or azureml:NAME@latest; or a conda or requirements file.")};
constexpr OptionSpec set_option{
    .name = "--set",
    .value_name = "KEY=VALUE",
    .doc = Localizable(
        "What this run has instead of what the configuration says, as often as wanted:\n"
        "--set inputs.lr=0.1 --set limits.timeout=600; an input by its name alone, too."),
    .repeatable = true};

constexpr std::array run_options{
    workspace_option,
    experiment_option,
    compute_option,
    environment_option,
    set_option,
    OptionSpec{"--local",
               "",
               Localizable("Run on this computer instead, in an environment made of the\n"
                           "configuration's packages, and stay until the run has ended.")},
    OptionSpec{"--parallel",
               "",
               Localizable("Submit a run for each combination of the values that commas divide:\n"
                           "--set lr=0.1,0.01 --set depth=3,5 --parallel submits four.")},
    plan_option,
    yes_option,
    follow_option,
};
constexpr std::array sweep_options{
    OptionSpec{
        .name = "--search",
        .value_name = "KEY=SPACE",
        .doc = Localizable(
            "An input and the values that are tried, as often as wanted: choice(A,B,…),\n"
            "uniform(MIN,MAX), loguniform, normal(MU,SIGMA), lognormal, quniform(MIN,MAX,Q),\n"
            "qloguniform, qnormal, qlognormal, randint(UPPER)."),
        .repeatable = true},
    OptionSpec{
        "--metric", "NAME", Localizable("What trials are compared by, as the script logs it.")},
    OptionSpec{"--goal", "GOAL", Localizable("maximize, which it is unless told, or minimize.")},
    OptionSpec{"--max-trials", "N", Localizable("How many trials in all; 20 unless told.")},
    OptionSpec{"--max-concurrent", "N", Localizable("How many trials at a time; 4 unless told.")},
    workspace_option,
    experiment_option,
    compute_option,
    environment_option,
    set_option,
    plan_option,
    yes_option,
    follow_option,
};
constexpr std::array repeat_options{plan_option, yes_option, follow_option};

asio::awaitable<submit::Submitted> submit_visibly(Invocation& invocation,
                                                  submit::RunSubmitter& submitter,
                                                  submit::SubmitRequest request,
                                                  std::stop_token stop) {
    auto& terminal = invocation.terminal;
    StageView stages(terminal);
    submit::OnSubmitProgress on_progress = [&stages](const submit::SubmitProgress& progress) {
        stages.show(progress);
    };
    const StopRemark explain(terminal, stop);
    auto submitted = co_await submitter.submit(std::move(request), std::move(on_progress), stop);
    stages.end();
    co_return submitted;
}

asio::awaitable<ExitCode> submit(Invocation& invocation,
                                 PreparedRun prepared,
                                 std::stop_token stop) {
    auto* connection = co_await invocation.access.connect(stop);
    auto& client = connection->client;
    auto request = std::move(prepared.request);
    request.ask_what_goes = asking(invocation);
    submit::RunSubmitter submitter(
        invocation.access, invocation.state, invocation.clock, invocation.random, invocation.log);
    auto [run, entry] = co_await submit_visibly(invocation, submitter, std::move(request), stop);
    const bool follow = invocation.line.has("--follow");
    show_submitted(invocation, run, prepared.settings, follow);
    if (entry) co_await submitter.close(std::move(*entry));
    if (!follow) co_return ExitCode::Completed;
    auto snapshot = submit::snapshot_of(run);
    co_return co_await follow_run(invocation,
                                  client,
                                  std::move(snapshot),
                                  std::string(),
                                  FollowView::Everything,
                                  std::move(stop));
}

/// Says what the runs would take. Throws: as `submit::plan_run`.
asio::awaitable<ExitCode> show_plan(Invocation& invocation,
                                    std::vector<PreparedRun> prepared,
                                    std::stop_token stop) {
    workspace::Catalog catalog(invocation.access, invocation.clock, invocation.tasks);
    const submit::PlanTools tools{catalog, invocation.state, invocation.random, invocation.clock};
    // All of them send the same and run in the same place.
    const auto runs = prepared.size();
    auto request = std::move(prepared.front().request);
    const auto plan = co_await submit::plan_run(tools, std::move(request), std::move(stop));
    auto json = submit::to_json(plan);
    if (runs > 1) json["runs"] = runs;
    invocation.terminal.value(json);
    if (runs > 1) invocation.terminal.line(localize("{} runs, each as follows", runs));
    for (const auto& line : submit::plan_lines(plan)) invocation.terminal.line(line);
    co_return ExitCode::Completed;
}

/// Throws: as `prepare_run`, `RunSubmitter::submit` and `submit_together`; with --follow as
/// `follow_run`; with --local as `run_here`.
asio::awaitable<ExitCode> run(Invocation& invocation, std::stop_token stop) {
    if (invocation.here) co_return co_await run_here(invocation, std::move(stop));
    auto prepared = co_await prepare_run(invocation, stop);
    if (prepared.empty()) {
        invocation.terminal.remark(localize("Nothing was written and nothing was submitted."));
        co_return ExitCode::Cancelled;
    }
    if (invocation.line.has("--plan"))
        co_return co_await show_plan(invocation, std::move(prepared), std::move(stop));
    if (prepared.size() > 1)
        co_return co_await submit_together(invocation, std::move(prepared), std::move(stop));
    co_return co_await submit(invocation, std::move(prepared.front()), std::move(stop));
}

/// Throws: InvalidParams without --search; as `prepare_run` and `RunSubmitter::submit`.
asio::awaitable<ExitCode> sweep(Invocation& invocation, std::stop_token stop) {
    if (!invocation.line.has("--search")) {
        throw Error(ErrorKind::InvalidParams,
                    localize("Say what is tried: --search lr=\"uniform(0.01,0.1)\". A file that "
                             "is a sweep already is submitted with 'aml run'."));
    }
    co_return co_await run(invocation, std::move(stop));
}

/// Throws: as `prepare_repeat` and `RunSubmitter::submit`; with --follow as `follow_run`.
asio::awaitable<ExitCode> repeat(Invocation& invocation, std::stop_token stop) {
    PreparedRun prepared;
    prepared.request = co_await prepare_repeat(invocation);
    if (invocation.line.has("--plan")) {
        std::vector<PreparedRun> only;
        only.push_back(std::move(prepared));
        co_return co_await show_plan(invocation, std::move(only), std::move(stop));
    }
    co_return co_await submit(invocation, std::move(prepared), std::move(stop));
}

}  // namespace

const Command run_command{
    .name = "run",
    .operand = "SCRIPT|CONFIG",
    .operand_required = true,
    .summary =
        Localizable("Run a training script, or a run configuration, as an experiment in Azure ML"),
    .description = Localizable(
        "With a script, its run configuration SCRIPT.job.json is used; when there is none yet,\n"
        "one is written from the options. What they leave open is asked for on a terminal.\n"
        "With an existing configuration (.job.json, or YAML as the Azure CLI has it), options\n"
        "change this run and not the file."),
    .options = run_options,
    .handler = run};

const Command sweep_command{
    .name = "sweep",
    .operand = "SCRIPT|CONFIG",
    .operand_required = true,
    .summary = Localizable("Try the values of hyperparameters, each as a run of a script"),
    .description = Localizable(
        "The inputs that --search names become hyperparameters of a sweep job in Azure ML, which\n"
        "runs the rest of the configuration once for each of their values. The file stays as it "
        "is."),
    .options = sweep_options,
    .handler = sweep};

const Command repeat_command{
    .name = "repeat",
    .operand = "SCRIPT",
    .operand_required = true,
    .summary =
        Localizable("Run a script again as it was run last, with today's code and no questions"),
    .options = repeat_options,
    .handler = repeat};

}  // namespace aml::cli
