#include "runs/run_status.hpp"

#include "support/text.hpp"

#include <fmt/chrono.h>

namespace aml::runs {
namespace {

constexpr StatusLook waiting{"clock", "charts.yellow"};
constexpr StatusLook working{"sync~spin", "charts.blue"};
constexpr StatusLook paused{"debug-pause", "charts.yellow"};

// Sources: JobStatus of ARM's jobs; RunStatus of azureml-core for Unapproved and Pausing.
constexpr std::array<RunStatus, 18> statuses{{
    {Localizable("NotStarted"),
     RunPhase::Waiting,
     RunGroup::Unfinished,
     Localizable("accepted"),
     waiting},
    {Localizable("Unapproved"),
     RunPhase::Waiting,
     RunGroup::Unfinished,
     Localizable("waiting for approval"),
     waiting},
    {Localizable("Starting"),
     RunPhase::Waiting,
     RunGroup::Unfinished,
     Localizable("starting"),
     waiting},
    {Localizable("Provisioning"),
     RunPhase::Waiting,
     RunGroup::Unfinished,
     Localizable("getting a machine"),
     waiting},
    {Localizable("Preparing"),
     RunPhase::Waiting,
     RunGroup::Unfinished,
     Localizable("building the environment"),
     {"package", "charts.yellow"}},
    // In no list of run history's statuses, so a filter with it might be refused.
    {Localizable("Waiting"),
     RunPhase::Waiting,
     RunGroup::Unfinished,
     Localizable("waiting"),
     waiting,
     InQueries::No},
    {Localizable("Queued"),
     RunPhase::Waiting,
     RunGroup::Unfinished,
     Localizable("waiting for a node"),
     waiting},
    {Localizable("Running"),
     RunPhase::Active,
     RunGroup::Unfinished,
     Localizable("running"),
     working},
    {Localizable("Finalizing"),
     RunPhase::Active,
     RunGroup::Unfinished,
     Localizable("collecting outputs"),
     working},
    {Localizable("CancelRequested"),
     RunPhase::Active,
     RunGroup::Unfinished,
     Localizable("being cancelled"),
     {"circle-slash", "charts.orange"}},
    {Localizable("Pausing"),
     RunPhase::Active,
     RunGroup::Unfinished,
     Localizable("being paused"),
     paused},
    {Localizable("Paused"), RunPhase::Unknown, RunGroup::Unfinished, Localizable("paused"), paused},
    {Localizable("Unknown"),
     RunPhase::Unknown,
     RunGroup::Unfinished,
     Localizable("state unknown"),
     {"question", ""},
     InQueries::No},
    {Localizable("Completed"),
     RunPhase::Final,
     RunGroup::Completed,
     Localizable("completed"),
     {"pass-filled", "charts.green"}},
    {Localizable("Failed"),
     RunPhase::Final,
     RunGroup::Failed,
     Localizable("failed"),
     {"error", "charts.red"}},
    // It may be heard of again.
    {Localizable("NotResponding"),
     RunPhase::Unknown,
     RunGroup::Failed,
     Localizable("not responding"),
     {"warning", "charts.orange"}},
    // Ours, of a run that Azure has no more.
    {Localizable("NotFound"),
     RunPhase::Final,
     RunGroup::Failed,
     Localizable("not there any more"),
     {"question", ""},
     InQueries::No},
    {Localizable("Canceled"),
     RunPhase::Final,
     RunGroup::Cancelled,
     Localizable("cancelled"),
     {"circle-slash", "disabledForeground"}},
}};

}  // namespace

const RunStatus* find_status(std::string_view status) {
    for (const auto& known : statuses) {
        if (same_name(known.name.english(), status)) return &known;
    }
    return nullptr;
}

RunPhase phase_of(std::string_view status) {
    const auto* known = find_status(status);
    return known == nullptr ? RunPhase::Unknown : known->phase;
}

RunGroup group_of(std::string_view status) {
    const auto* known = find_status(status);
    return known == nullptr ? RunGroup::Unfinished : known->group;
}

std::vector<std::string> statuses_for_query(RunGroup group) {
    std::vector<std::string> names;
    for (const auto& status : statuses) {
        if (status.group == group && status.in_queries == InQueries::Yes)
            names.emplace_back(status.name.english());
    }
    return names;
}

StatusLook look_of(std::string_view status) {
    const auto* known = find_status(status);
    return known == nullptr ? StatusLook{"question", ""} : known->look;
}

std::string status_text(std::string_view status) {
    const auto* known = find_status(status);
    return known == nullptr ? std::string(status) : localize(known->text);
}

std::string status_name(std::string_view status) {
    const auto* known = find_status(status);
    return known == nullptr ? std::string(status) : localize(known->name);
}

std::string time_text(const std::optional<async::Clock::TimePoint>& time) {
    if (!time) return {};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*time);
    return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(seconds));
}

std::string duration_text(std::chrono::milliseconds duration) {
    using namespace std::chrono;
    const auto seconds = duration_cast<std::chrono::seconds>(duration).count();
    if (seconds < 1) return localize("under 1 s");
    if (seconds < 60) return localize("{} s", seconds);
    if (seconds < 3600) return localize("{} min {} s", seconds / 60, seconds % 60);
    return localize("{} h {} min", seconds / 3600, seconds / 60 % 60);
}

}  // namespace aml::runs
