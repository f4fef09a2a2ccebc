#include "runs/run_snapshot.hpp"

#include "azure/json_fields.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace aml::runs {

namespace {

auto parts(const RunSnapshot& run) {
    return std::tie(run.job,
                    run.display_name,
                    run.experiment,
                    run.script,
                    run.status,
                    run.target,
                    run.nodes,
                    run.processes,
                    run.created_by,
                    run.owner,
                    run.parent,
                    run.has_children,
                    run.sweep,
                    run.parameters,
                    run.created_at,
                    run.started_at,
                    run.ended_at,
                    run.queueing_message,
                    run.warnings,
                    run.cancel_reason,
                    run.studio_url,
                    run.silent_for,
                    run.watch_problem);
}

bool same_metrics(const RunSnapshot& left, const RunSnapshot& right) {
    const auto same = [](const MetricValue& a, const MetricValue& b) {
        return a.name == b.name && a.value == b.value;
    };
    return std::equal(
        left.metrics.begin(), left.metrics.end(), right.metrics.begin(), right.metrics.end(), same);
}

std::pair<std::string, std::string> error_parts(const RunSnapshot& run) {
    if (!run.error) return {};
    return {run.error->code, run.error->message};
}

}  // namespace

std::optional<std::chrono::milliseconds> RunSnapshot::elapsed(async::Clock::TimePoint now) const {
    const auto from = started_at ? started_at : created_at;
    if (!from) return std::nullopt;
    const auto to = ended_at.value_or(now);
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(to - *from);
    return std::max(passed, std::chrono::milliseconds(0));
}

std::string RunSnapshot::place() const {
    const auto compute = target.empty() ? localize("serverless").shown() : target;
    if (processes > 1) {
        return nodes == 1 ? localize("{}, {} processes", compute, processes)
                          : localize("{}, {} nodes × {} processes", compute, nodes, processes);
    }
    return nodes == 1 ? compute : localize("{}, {} nodes", compute, nodes).shown();
}

bool same_state(const RunSnapshot& left, const RunSnapshot& right) {
    return parts(left) == parts(right) && error_parts(left) == error_parts(right) &&
           same_metrics(left, right);
}

nlohmann::json to_json(const RunSnapshot& snapshot) {
    nlohmann::json json = {{"job", snapshot.job.to_string()},
                           {"displayName", snapshot.display_name},
                           {"experiment", snapshot.experiment},
                           {"script", snapshot.script},
                           {"status", snapshot.status},
                           {"target", snapshot.target},
                           {"createdBy", snapshot.created_by},
                           {"studioUrl", snapshot.studio_url}};
    if (snapshot.nodes > 1) json["nodes"] = snapshot.nodes;
    if (snapshot.processes > 1) json["processes"] = snapshot.processes;
    if (!snapshot.owner.empty()) json["owner"] = snapshot.owner;
    if (!snapshot.parent.empty()) json["parent"] = snapshot.parent;
    if (snapshot.created_at) json["createdAt"] = azure::format_time(*snapshot.created_at);
    if (snapshot.started_at) json["startedAt"] = azure::format_time(*snapshot.started_at);
    return json;
}

std::optional<RunSnapshot> run_snapshot_from_json(const nlohmann::json& json) {
    if (!json.is_object()) return std::nullopt;
    const auto job = azure::ResourceId::parse(azure::text(json, "job"));
    if (!job || job->type() != "jobs") return std::nullopt;
    RunSnapshot snapshot;
    snapshot.job = *job;
    snapshot.display_name = azure::text(json, "displayName");
    snapshot.experiment = azure::text(json, "experiment");
    snapshot.script = azure::text(json, "script");
    snapshot.status = azure::text(json, "status");
    snapshot.target = azure::text(json, "target");
    snapshot.nodes = static_cast<int>(azure::integer(json, "nodes").value_or(1));
    snapshot.processes = static_cast<int>(azure::integer(json, "processes").value_or(1));
    snapshot.created_by = azure::text(json, "createdBy");
    snapshot.owner = azure::text(json, "owner");
    snapshot.parent = azure::text(json, "parent");
    snapshot.studio_url = azure::text(json, "studioUrl");
    snapshot.created_at = azure::time(json, "createdAt");
    snapshot.started_at = azure::time(json, "startedAt");
    return snapshot;
}

}  // namespace aml::runs
