#include "cli/parallel_runs.hpp"

#include "cli/run_report.hpp"
#include "cli/submission_view.hpp"
#include "submit/run_submitter.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace aml::cli {
namespace {

using Settings = std::vector<runconfig::Setting>;

std::string words_of(const Settings& settings) {
    std::string words;
    for (const auto& setting : settings)
        words += (words.empty() ? "" : " ") + runconfig::to_string(setting);
    return words;
}

/// Counts what has become of several runs, and tells of each.
class RunsTold final {
public:
    RunsTold(Invocation& invocation, std::vector<Settings> settings)
        : invocation_(invocation),
          settings_(std::move(settings)) {}

    void submitted(std::size_t index, const submit::SubmittedRun& run) {
        auto& terminal = invocation_.terminal;
        ++submitted_;
        const auto& settings = settings_[index];
        terminal.live("");
        terminal.value(submitted_json(run, settings, invocation_.clock.now()));
        terminal.line(
            run.recovered
                ? localize("{}: run {}, of an earlier attempt", words_of(settings), run.job_name)
                : localize("{}: run {}", words_of(settings), run.job_name));
        for (const auto& note : run.notes) {
            if (index == 0) terminal.remark(localize("note: {}", note));
        }
        show_count();
    }

    void failed(std::size_t index, const Error& error) {
        auto& terminal = invocation_.terminal;
        ++failed_;
        terminal.live("");
        auto value = error_json(error);
        for (const auto& setting : settings_[index]) value["set"][setting.key] = setting.value;
        terminal.value(value);
        terminal.error(fmt::format("{}: {}", words_of(settings_[index]), error.message()));
        show_count();
    }

    ExitCode end() {
        auto& terminal = invocation_.terminal;
        terminal.live("");
        terminal.line(localize("Submitted {} of {} runs.", submitted_, settings_.size()));
        return failed_ == 0 ? ExitCode::Completed : ExitCode::Failed;
    }

private:
    void show_count() {
        const auto done = submitted_ + failed_;
        invocation_.terminal.live(
            localize("Submitted {} of {} runs.", submitted_, settings_.size()),
            static_cast<int>(done * 100 / settings_.size()));
    }

    Invocation& invocation_;
    std::vector<Settings> settings_;
    std::size_t submitted_ = 0;
    std::size_t failed_ = 0;
};

}  // namespace

asio::awaitable<ExitCode> submit_together(Invocation& invocation,
                                          std::vector<PreparedRun> prepared,
                                          std::stop_token stop) {
    if (invocation.line.has("--follow")) {
        throw Error(ErrorKind::InvalidParams,
                    localize("--follow shows one run, and this submits {}.", prepared.size()));
    }
    std::vector<Settings> settings;
    std::vector<submit::SubmitRequest> requests;
    for (auto& one : prepared) {
        one.request.ask_what_goes = asking(invocation);
        settings.push_back(std::move(one.settings));
        requests.push_back(std::move(one.request));
    }
    RunsTold told(invocation, std::move(settings));
    StageView stages(invocation.terminal);
    const StopRemark explain(invocation.terminal, stop);
    submit::RunSubmitter submitter(
        invocation.access, invocation.state, invocation.clock, invocation.random, invocation.log);
    submit::OnSubmitProgress on_progress = [&stages](const submit::SubmitProgress& progress) {
        stages.show(progress);
    };
    submit::OnOutcome tell = [&](std::size_t index,
                                 submit::Outcome outcome) -> asio::awaitable<void> {
        if (index == 0) stages.end();
        auto* submitted = std::get_if<submit::Submitted>(&outcome);
        if (submitted == nullptr) {
            told.failed(index, std::get<Error>(outcome));
            co_return;
        }
        told.submitted(index, submitted->run);
        if (submitted->entry) co_await submitter.close(std::move(*submitted->entry));
    };
    co_await submitter.submit_all(
        std::move(requests), std::move(on_progress), std::move(tell), std::move(stop));
    co_return told.end();
}

}  // namespace aml::cli
