#include "features/convert_runs.hpp"

#include "features/convert.hpp"
#include "features/uri.hpp"
#include "runs/run_news.hpp"
#include "tree/tree_node.hpp"

#include <cmath>
#include <filesystem>
#include <utility>

namespace aml::features {
namespace {

/// What a user wants to know beside the status.
std::string message_of(const runs::RunSnapshot& run) {
    if (run.error) return run.error->message;
    if (run.watch_problem) return run.watch_problem->message;
    if (run.silent_for) return runs::silence_text(run);
    return run.queueing_message;
}

}  // namespace

protocol::Run to_wire(const runs::RunSnapshot& run) {
    protocol::Run wire{.id = run.job.to_string(), .revision = run.revision};
    wire.name = run.job.name();
    wire.displayName = run.title();
    wire.experiment = run.experiment;
    wire.workspace = run.job.workspace().name();
    wire.nodeId = tree::run_row(run.job);
    wire.status = run.status.empty() ? "Unknown" : run.status;
    wire.isFinal = run.is_final();
    wire.createdBy = unless_empty(run.created_by);
    wire.createdAt = written(run.created_at);
    wire.startedAt = written(run.started_at);
    wire.endedAt = written(run.ended_at);
    wire.compute = unless_empty(run.target);
    wire.message = unless_empty(message_of(run));
    for (const auto& metric : run.metrics) {
        if (!wire.metricTexts) wire.metricTexts.emplace();
        wire.metricTexts->emplace(metric.name, metric.value);
        // JSON has no number for the others.
        if (!metric.number || !std::isfinite(*metric.number)) continue;
        if (!wire.metrics) wire.metrics.emplace();
        wire.metrics->emplace(metric.name, *metric.number);
    }
    wire.portalUrl = unless_empty(run.studio_url);
    if (!run.script.empty()) wire.script = uri_of_path(run.script);
    return wire;
}

protocol::RunsLogResult to_wire(runs::LogChunk chunk) {
    protocol::RunsLogResult wire{.path = std::move(chunk.path), .text = std::move(chunk.text)};
    wire.offset = chunk.offset;
    if (chunk.restarted) wire.restarted = true;
    wire.nextOffset = chunk.next_offset;
    wire.complete = chunk.complete;
    wire.files = runs::offered_logs(std::move(chunk.files));
    return wire;
}

}  // namespace aml::features
