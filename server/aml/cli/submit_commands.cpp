#include "cli/commands.hpp"
#include "cli/follow.hpp"
#include "cli/invocation.hpp"
#include "cli/prepare.hpp"
#include "cli/run_report.hpp"
#include "submit/run_submitter.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

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
    yes_option,
    follow_option,
};
constexpr std::array repeat_options{yes_option, follow_option};

/// Shows the stages of a submission: a live line on a terminal, a line for each stage elsewhere.
class StageView final {
public:
    explicit StageView(Terminal& terminal)
        : terminal_(terminal) {}

    void show(const submit::SubmitProgress& progress) {
        if (stage_ && *stage_ != progress.stage) end_stage();
        if (!terminal_.live_shows() && begun_.insert(progress.stage).second) {
            terminal_.remark(localize("{} …", submit::title(progress.stage)));
        }
        stage_ = progress.stage;
        message_ = progress.message;
        terminal_.live(progress.message, progress.percent);
    }

    void end() {
        end_stage();
        terminal_.live("");
    }

private:
    // What a stage has come to stays, if it counted anything.
    void end_stage() {
        if (!message_.empty() && stage_ == submit::SubmitStage::Upload) terminal_.remark(message_);
        message_.clear();
    }

    Terminal& terminal_;
    std::optional<submit::SubmitStage> stage_;
    // Two stages run side by side, and their news alternates.
    std::set<submit::SubmitStage> begun_;
    std::string message_;
};

void show_submitted(Invocation& invocation, const submit::SubmittedRun& run, bool followed) {
    auto& terminal = invocation.terminal;
    auto value = run_json(submit::snapshot_of(run), invocation.clock.now());
    value["event"] = "submitted";
    value["codeReused"] = run.code_reused;
    value["recovered"] = run.recovered;
    terminal.value(value);
    for (const auto& note : run.notes) terminal.remark(localize("note: {}", note));
    if (run.recovered) {
        terminal.remark(
            localize("An earlier attempt had reached Azure before it was cut off; this is its "
                     "run."));
    }
    terminal.line(localize(
        "Submitted {} to experiment {}: run {}", run.display_name, run.experiment, run.job_name));
    if (run.code_reused)
        terminal.line(
            fmt::format("  {}", localize("The code is in Azure already; nothing was uploaded.")));
    if (!run.studio_url.empty())
        terminal.line(fmt::format("  {}", localize("portal  {}", run.studio_url)));
    if (!followed) terminal.line(fmt::format("  aml logs {} --follow", run.job_name));
}

asio::awaitable<submit::UploadChoice> send_all(std::vector<submit::UploadFinding> findings,
                                               std::stop_token) {
    std::vector<std::string> paths;
    for (const auto& found : findings) paths.push_back(found.path());
    submit::UploadChoice choice = std::move(paths);
    co_return choice;
}

asio::awaitable<submit::UploadChoice> refuse_all(std::vector<submit::UploadFinding> findings,
                                                 std::stop_token) {
    throw Error(ErrorKind::InvalidParams,
                localize("This would go to Azure, where everybody in the workspace can read it:{}\n"
                         "List in {} what shall stay here, or send all of it with --yes.",
                         submit::lines_of(findings),
                         findings.front().ignore_file));
    co_return submit::UploadChoice();
}

submit::AskWhatGoes asking(Invocation& invocation) {
    if (invocation.line.has("--yes")) return send_all;
    if (!invocation.interactive) return refuse_all;
    return [&prompter = invocation.prompter](std::vector<submit::UploadFinding> findings,
                                             std::stop_token stop) {
        return submit::ask_what_goes(prompter, std::move(findings), std::move(stop));
    };
}

asio::awaitable<submit::Submitted> submit_visibly(Invocation& invocation,
                                                  submit::RunSubmitter& submitter,
                                                  submit::SubmitRequest request,
                                                  std::stop_token stop) {
    auto& terminal = invocation.terminal;
    StageView stages(terminal);
    submit::OnSubmitProgress on_progress = [&stages](const submit::SubmitProgress& progress) {
        stages.show(progress);
    };
    std::stop_callback explain(stop, [&terminal] {
        terminal.remark(
            localize("Stopping. If Azure has accepted the run already, it goes on, and the same "
                     "command finds it again."));
    });
    auto submitted = co_await submitter.submit(std::move(request), std::move(on_progress), stop);
    stages.end();
    co_return submitted;
}

asio::awaitable<ExitCode> submit(Invocation& invocation,
                                 submit::SubmitRequest request,
                                 std::stop_token stop) {
    auto* connection = co_await invocation.access.connect(stop);
    auto& client = connection->client;
    request.ask_what_goes = asking(invocation);
    submit::RunSubmitter submitter(
        invocation.access, invocation.state, invocation.clock, invocation.random, invocation.log);
    auto [run, entry] = co_await submit_visibly(invocation, submitter, std::move(request), stop);
    const bool follow = invocation.line.has("--follow");
    show_submitted(invocation, run, follow);
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

/// Throws: as `prepare_run` and `RunSubmitter::submit`; with --follow as `follow_run`.
asio::awaitable<ExitCode> run(Invocation& invocation, std::stop_token stop) {
    auto request = co_await prepare_run(invocation, stop);
    if (!request) {
        invocation.terminal.remark(localize("Nothing was written and nothing was submitted."));
        co_return ExitCode::Cancelled;
    }
    co_return co_await submit(invocation, std::move(*request), std::move(stop));
}

/// Throws: as `prepare_repeat` and `RunSubmitter::submit`; with --follow as `follow_run`.
asio::awaitable<ExitCode> repeat(Invocation& invocation, std::stop_token stop) {
    auto request = co_await prepare_repeat(invocation);
    co_return co_await submit(invocation, std::move(request), std::move(stop));
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
        "With an existing configuration, options change this run and not the file."),
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
