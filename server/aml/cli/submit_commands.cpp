#include "cli/commands.hpp"
#include "cli/follow.hpp"
#include "cli/invocation.hpp"
#include "cli/parallel_runs.hpp"
#include "cli/prepare.hpp"
#include "cli/submission_view.hpp"
#include "submit/run_submitter.hpp"
#include "support/localize.hpp"

#include <array>
#include <utility>

namespace aml::cli {
namespace {

constexpr OptionSpec yes_option{
    "--yes",
    "",
    Localizable("Send what would be asked about: private keys, credentials, large data.")};

constexpr std::array run_options{
    workspace_option,
    OptionSpec{"--experiment", "NAME", Localizable("The experiment to put the run under.")},
    OptionSpec{"--compute",
               "NAME",
               Localizable("The compute to run on, or serverless for a machine of this run only.")},
    OptionSpec{
        "--environment",
        "WHAT",
        Localizable(
            "sklearn, pytorch, tensorflow or general; an environment of the workspace as\n"
            "azureml:NAME:VERSION or azureml:NAME@latest; or a conda or requirements file.")},
    OptionSpec{
        .name = "--set",
        .value_name = "KEY=VALUE",
        .doc = Localizable(
            "What this run has instead of what the configuration says, as often as wanted:\n"
            "--set inputs.lr=0.1 --set limits.timeout=600; an input by its name alone, too."),
        .repeatable = true},
    OptionSpec{"--parallel",
               "",
               Localizable("Submit a run for each combination of the values that commas divide:\n"
                           "--set lr=0.1,0.01 --set depth=3,5 --parallel submits four.")},
    yes_option,
    follow_option,
};
constexpr std::array repeat_options{yes_option, follow_option};

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

/// Throws: as `prepare_run`, `RunSubmitter::submit` and `submit_together`; with --follow as
/// `follow_run`.
asio::awaitable<ExitCode> run(Invocation& invocation, std::stop_token stop) {
    auto prepared = co_await prepare_run(invocation, stop);
    if (prepared.empty()) {
        invocation.terminal.remark(localize("Nothing was written and nothing was submitted."));
        co_return ExitCode::Cancelled;
    }
    if (prepared.size() > 1)
        co_return co_await submit_together(invocation, std::move(prepared), std::move(stop));
    co_return co_await submit(invocation, std::move(prepared.front()), std::move(stop));
}

/// Throws: as `prepare_repeat` and `RunSubmitter::submit`; with --follow as `follow_run`.
asio::awaitable<ExitCode> repeat(Invocation& invocation, std::stop_token stop) {
    PreparedRun prepared;
    prepared.request = co_await prepare_repeat(invocation);
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

const Command repeat_command{
    .name = "repeat",
    .operand = "SCRIPT",
    .operand_required = true,
    .summary =
        Localizable("Run a script again as it was run last, with today's code and no questions"),
    .options = repeat_options,
    .handler = repeat};

}  // namespace aml::cli
