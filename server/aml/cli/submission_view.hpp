#pragma once

#include "cli/invocation.hpp"
#include "runconfig/setting.hpp"
#include "submit/submit_types.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::cli {

/// Shows the stages of a submission: a live line on a terminal, a line for each stage elsewhere.
class StageView final {
public:
    explicit StageView(Terminal& terminal)
        : terminal_(terminal) {}

    void show(const submit::SubmitProgress& progress);
    void end();

private:
    void end_stage();

    Terminal& terminal_;
    std::optional<submit::SubmitStage> stage_;
    // Two stages run side by side, and their news alternates.
    std::set<submit::SubmitStage> begun_;
    std::string message_;
};

/// A run that was just submitted, for programs, with what was set for it.
nlohmann::json submitted_json(const submit::SubmittedRun& run,
                              const std::vector<runconfig::Setting>& settings,
                              async::Clock::TimePoint now);

/// Tells of a run that was just submitted; how to go on, unless it is `followed`.
void show_submitted(Invocation& invocation,
                    const submit::SubmittedRun& run,
                    const std::vector<runconfig::Setting>& settings,
                    bool followed);

/// Asks what of the files shall go to Azure, on a terminal; elsewhere `--yes` decides.
submit::AskWhatGoes asking(Invocation& invocation);

/// Says, when `stop` fires, what becomes of what Azure has accepted already.
class StopRemark final {
public:
    StopRemark(Terminal& terminal, std::stop_token stop);

private:
    std::stop_callback<std::function<void()>> explain_;
};

}  // namespace aml::cli
