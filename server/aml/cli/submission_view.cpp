#include "cli/submission_view.hpp"

#include "cli/run_report.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace aml::cli {
namespace {

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

}  // namespace

void StageView::show(const submit::SubmitProgress& progress) {
    if (stage_ && *stage_ != progress.stage) end_stage();
    if (!terminal_.live_shows() && begun_.insert(progress.stage).second) {
        terminal_.remark(localize("{} …", submit::title(progress.stage)));
    }
    stage_ = progress.stage;
    message_ = progress.message;
    terminal_.live(progress.message, progress.percent);
}

void StageView::end() {
    end_stage();
    terminal_.live("");
}

// What a stage has come to stays, if it counted anything.
void StageView::end_stage() {
    if (!message_.empty() && stage_ == submit::SubmitStage::Upload) terminal_.remark(message_);
    message_.clear();
}

nlohmann::json submitted_json(const submit::SubmittedRun& run,
                              const std::vector<runconfig::Setting>& settings,
                              async::Clock::TimePoint now) {
    auto value = run_json(submit::snapshot_of(run), now);
    value["event"] = "submitted";
    value["codeReused"] = run.code_reused;
    value["recovered"] = run.recovered;
    for (const auto& setting : settings) value["set"][setting.key] = setting.value;
    return value;
}

void show_submitted(Invocation& invocation,
                    const submit::SubmittedRun& run,
                    const std::vector<runconfig::Setting>& settings,
                    bool followed) {
    auto& terminal = invocation.terminal;
    terminal.value(submitted_json(run, settings, invocation.clock.now()));
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

submit::AskWhatGoes asking(Invocation& invocation) {
    if (invocation.line.has("--yes")) return send_all;
    if (!invocation.interactive) return refuse_all;
    return [&prompter = invocation.prompter](std::vector<submit::UploadFinding> findings,
                                             std::stop_token stop) {
        return submit::ask_what_goes(prompter, std::move(findings), std::move(stop));
    };
}

StopRemark::StopRemark(Terminal& terminal, std::stop_token stop)
    : explain_(std::move(stop), [&terminal] {
          terminal.remark(
              localize("Stopping. If Azure has accepted the run already, it goes on, and the same "
                       "command finds it again."));
      }) {}

}  // namespace aml::cli
