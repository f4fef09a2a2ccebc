#include "runs/run_metrics.hpp"
#include "runs/run_news.hpp"
#include "runs/run_status.hpp"
#include "runs/sweep_text.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "tree/tooltip.hpp"
#include "tree/tree_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

namespace aml::tree::rows {
namespace {

/// Six digits say enough of a number that was drawn at random.
std::string description_of(const runs::RunSnapshot& run, async::Clock::TimePoint now) {
    auto text = runs::status_text(run.status);
    if (run.silent_for) text += " · " + runs::silence_text(run);
    const auto best = run.sweep ? runs::best_text(*run.sweep) : std::string();
    if (!best.empty()) {
        text += " · " + best;
    } else if (const auto* metric = runs::main_metric(run.metrics)) {
        text += fmt::format(" · {} {}", metric->name, metric->value);
    }
    // The duration of a run that goes on would be wrong a moment later: its row is sent once for
    // each state.
    const auto elapsed = run.is_final() && run.started_at ? run.elapsed(now) : std::nullopt;
    if (elapsed) text += " · " + runs::duration_text(*elapsed);
    if (!run.created_by.empty()) text += " · " + run.created_by;
    return text;
}

RunKey key_of(const runs::RunSnapshot& run) {
    RunKey key{.group = runs::group_of(run.status)};
    // Azure has not said when a run was made that was submitted a moment ago.
    key.created_at = std::numeric_limits<std::int64_t>::max();
    if (run.created_at) {
        const auto since_1970 = run.created_at->time_since_epoch();
        key.created_at = std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
    }
    if (const auto* metric = runs::main_metric(run.metrics)) key.metric = metric->number;
    return key;
}

}  // namespace

TreeNode run(const runs::RunSnapshot& run, async::Clock::TimePoint now) {
    const auto workspace = run.job.workspace();
    TreeNode node{.id = run_row(run.job)};
    node.parent = run.parent.empty() ? experiment_row(workspace, run.experiment)
                                     : run_row(workspace.child("jobs", run.parent));
    node.label = run.title();
    node.description = description_of(run, now);
    const auto look = runs::look_of(run.status);
    node.icon = look.icon;
    node.icon_color = look.color;
    node.kind = run.is_final() ? row_kind::final_run : row_kind::active_run;
    // Its files stand below it.
    node.expandable = true;
    node.has_parts = run.has_children;
    node.sweep = run.sweep;
    node.run = key_of(run);
    node.resource_id = run.job.to_string();
    node.portal_url = run.studio_url;
    node.command = RowCommand{
        .title = localize("Show run"), .command = "azureml.run.show", .argument = node.id};
    Tooltip tooltip(node.label);
    tooltip.line(localize("State"), runs::status_text(run.status))
        .line(localize("Compute"), run.place());
    tooltip.line(localize("Submitted by"), run.created_by)
        .line(localize("Submitted"), runs::time_text(run.created_at));
    tooltip.line(localize("Started"), runs::time_text(run.started_at))
        .line(localize("Ended"), runs::time_text(run.ended_at));
    tooltip.line(localize("Name in Azure"), run.job.name());
    if (run.sweep) {
        tooltip
            .line(localize("Compared by"),
                  fmt::format(
                      "{} ({})", run.sweep->metric, run.sweep->minimizes ? "minimize" : "maximize"))
            .line(localize("Best trial"), run.sweep->best_trial);
    }
    for (const auto& [name, value] : run.parameters)
        tooltip.line(LocalizedText(escape_markdown(name)), value);
    if (!run.is_final()) tooltip.text(run.queueing_message);
    if (run.error) tooltip.text(run.error->message.substr(0, 2000));
    node.tooltip = tooltip.markdown();
    return node;
}

TreeNode trial(const runs::RunSnapshot& run,
               const azure::SweepState& sweep,
               async::Clock::TimePoint now) {
    auto node = rows::run(run, now);
    node.label = runs::trial_label(run);
    const auto logged = std::ranges::find(run.metrics, sweep.metric, &runs::MetricValue::name);
    node.run->metric.reset();
    node.run->best = same_name(sweep.best_trial, run.job.name());
    std::string value;
    if (logged != run.metrics.end()) {
        node.run->metric = logged->number;
        value = logged->value;
    }
    // The best value, where the last one may be another.
    if (node.run->best && !sweep.score.empty()) value = runs::score_text(sweep);
    node.description = value.empty() ? std::string() : sweep.metric + " " + value + " · ";
    node.description += runs::status_text(run.status);
    if (run.silent_for) node.description += " · " + runs::silence_text(run);
    const auto elapsed = run.is_final() && run.started_at ? run.elapsed(now) : std::nullopt;
    if (elapsed) node.description += " · " + runs::duration_text(*elapsed);
    if (!node.run->best) return node;
    node.description = localize("best").shown() + " · " + node.description;
    node.icon = "star-full";
    node.icon_color = "charts.yellow";
    return node;
}

}  // namespace aml::tree::rows
