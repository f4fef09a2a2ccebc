#include "domain/names.hpp"
#include "domain/tree/tooltip.hpp"
#include "domain/tree/tree_rows.hpp"
#include "support/localize.hpp"

#include <fmt/chrono.h>

#include <array>

namespace aml::domain::rows {
namespace {

struct StatusLook {
    std::string_view status;
    Localizable text;
    std::string_view icon;
    std::string_view color;
};

constexpr std::array<StatusLook, 14> looks{{
    {"NotStarted", Localizable("accepted"), "clock", "charts.yellow"},
    {"Starting", Localizable("starting"), "clock", "charts.yellow"},
    {"Provisioning", Localizable("getting a machine"), "clock", "charts.yellow"},
    {"Preparing", Localizable("building the environment"), "package", "charts.yellow"},
    {"Queued", Localizable("waiting for a node"), "clock", "charts.yellow"},
    {"Running", Localizable("running"), "sync~spin", "charts.blue"},
    {"Finalizing", Localizable("collecting outputs"), "sync~spin", "charts.blue"},
    {"CancelRequested", Localizable("being cancelled"), "circle-slash", "charts.orange"},
    {"Completed", Localizable("completed"), "pass-filled", "charts.green"},
    {"Failed", Localizable("failed"), "error", "charts.red"},
    {"Canceled", Localizable("cancelled"), "circle-slash", "disabledForeground"},
    {"NotResponding", Localizable("not responding"), "warning", "charts.orange"},
    {"Paused", Localizable("paused"), "debug-pause", "charts.yellow"},
    {"Unknown", Localizable("state unknown"), "question", ""},
}};

const StatusLook* look_of_status(std::string_view status) {
    for (const auto& look : looks) {
        if (same_name(look.status, status)) return &look;
    }
    return nullptr;
}

/// For people: the server may run far from them, so the zone is said.
std::string time_text(const std::optional<async::Clock::TimePoint>& time) {
    if (!time) return {};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*time);
    return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(seconds));
}

std::string description_of(const RunSnapshot& run, async::Clock::TimePoint now) {
    auto text = status_text(run.status);
    // The duration of a run that goes on would be wrong a moment later: its row is sent once for
    // each state.
    const auto elapsed = run.is_final() && run.started_at ? run.elapsed(now) : std::nullopt;
    if (elapsed) text += " · " + duration_text(*elapsed);
    if (!run.created_by.empty()) text += " · " + run.created_by;
    return text;
}

}  // namespace

TreeNode run(const RunSnapshot& run, async::Clock::TimePoint now) {
    const auto workspace = run.job.workspace();
    TreeNode node{.id = run_row(run.job), .parent = experiment_row(workspace, run.experiment)};
    node.label = run.display_name.empty() ? run.job.name() : run.display_name;
    node.description = description_of(run, now);
    const auto* look = look_of_status(run.status);
    node.icon = look == nullptr ? "question" : look->icon;
    node.icon_color = look == nullptr ? "" : look->color;
    node.kind = run.is_final() ? row_kind::final_run : row_kind::active_run;
    node.resource_id = run.job.to_string();
    node.portal_url = run.studio_url;
    Tooltip tooltip(node.label);
    tooltip.line(localize("State"), status_text(run.status))
        .line(localize("Compute"), run.target.empty() ? localize("serverless") : run.target);
    tooltip.line(localize("Submitted by"), run.created_by)
        .line(localize("Submitted"), time_text(run.created_at));
    tooltip.line(localize("Started"), time_text(run.started_at))
        .line(localize("Ended"), time_text(run.ended_at));
    tooltip.line(localize("Name in Azure"), run.job.name());
    if (!run.is_final()) tooltip.text(run.queueing_message);
    if (run.error) tooltip.text(run.error->message.substr(0, 2000));
    node.tooltip = tooltip.markdown();
    return node;
}

std::string status_text(std::string_view status) {
    const auto* look = look_of_status(status);
    return look == nullptr ? std::string(status) : localize(look->text);
}

std::string duration_text(std::chrono::milliseconds duration) {
    using namespace std::chrono;
    const auto seconds = duration_cast<std::chrono::seconds>(duration).count();
    if (seconds < 1) return localize("under 1 s");
    if (seconds < 60) return localize("{} s", seconds);
    if (seconds < 3600) return localize("{} min {} s", seconds / 60, seconds % 60);
    return localize("{} h {} min", seconds / 3600, seconds / 60 % 60);
}

}  // namespace aml::domain::rows
