#include "azure/run_json.hpp"

#include "azure/errors.hpp"
#include "azure/explanation.hpp"
#include "azure/json_fields.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <array>

namespace aml::azure {
namespace {

using nlohmann::json;

/// Whether the container registry would not build: what it said is passed on in a longer text.
bool forbids_builds(std::string_view message) {
    const auto text = lower(message);
    return text.find("tasksoperationsnotallowed") != std::string::npos ||
           text.find("acr tasks requests") != std::string::npos;
}

std::optional<RunError> read_run_error(const json& item) {
    const auto error = service_error(member(item, {"error"}));
    if (!error) return std::nullopt;
    RunError result{error->inner_code.empty() ? error->code : error->inner_code, error->message};
    if (forbids_builds(error->message)) {
        const ServiceError refusal{.code = "TasksOperationsNotAllowed"};
        const auto known = explain(refusal, 0).value_or(Explanation{});
        result.message = localize("Cannot {}: {}; {}.",
                                  localize("build the image of the environment"),
                                  known.reason,
                                  known.remedy);
    }
    return result;
}

std::optional<async::Clock::TimePoint> first_time(const json& item,
                                                  std::string_view name,
                                                  std::string_view other) {
    const auto value = time(item, name);
    return value ? value : time(item, other);
}

std::string person(const json& user) {
    const auto name = text(user, "userName");
    return name.empty() ? text(user, "upn") : name;
}

/// Sweeps, pipelines and AutoML have parts from the start; of other runs Azure tells where their
/// parts run.
bool has_children(const json& item) {
    constexpr std::array types{"hyperdrive", "azureml.pipelinerun", "automl"};
    const auto type = lower(text(item, "runType"));
    const auto& targets = member(item, {"uniqueChildRunComputeTargets"});
    return std::ranges::find(types, type) != types.end() ||
           (targets.is_array() && !targets.empty());
}

/// An object that stands in a text.
json object_in(const json& item, std::string_view name) {
    auto object = json::parse(text(item, name), nullptr, false);
    return object.is_object() ? object : json::object();
}

/// Source: the properties of HyperDrive's runs.
std::optional<SweepState> read_sweep(const json& properties) {
    const auto objective = object_in(properties, "primary_metric_config");
    SweepState sweep{.metric = text(objective, "name")};
    if (sweep.metric.empty()) return std::nullopt;
    sweep.minimizes = lower(text(objective, "goal")) == "minimize";
    sweep.best_trial = text(properties, "best_child_run_id");
    sweep.score = text(properties, "score");
    return sweep;
}

json sweep_to_json(const SweepState& sweep) {
    const json objective{{"name", sweep.metric},
                         {"goal", sweep.minimizes ? "minimize" : "maximize"}};
    return {{"primary_metric_config", objective.dump()},
            {"best_child_run_id", sweep.best_trial},
            {"score", sweep.score}};
}

}  // namespace

Experiment experiment_from_json(const json& item) {
    Experiment experiment;
    experiment.id = text(item, "experimentId");
    experiment.name = text(item, "name");
    experiment.description = text(item, "description");
    experiment.created_at = time(item, "createdUtc");
    experiment.archived = !text(item, "archivedTime").empty();
    return experiment;
}

Run run_from_json(const json& item) {
    Run run;
    run.run_id = text(item, "runId");
    run.display_name = text(item, "displayName");
    run.status = text(item, "status");
    run.target = text(item, "target");
    if (run.target.empty()) run.target = text(member(item, {"compute"}), "target");
    const auto nodes = integer(member(item, {"compute"}), "instanceCount").value_or(0);
    run.nodes = static_cast<int>(std::clamp<std::int64_t>(nodes, 0, 1'000'000));
    run.created_by = person(member(item, {"createdBy"}));
    run.owner = text(member(item, {"createdBy"}), "userObjectId");
    run.parent = text(item, "parentRunId");
    run.has_children = has_children(item);
    run.sweep = read_sweep(member(item, {"properties"}));
    const auto parameters = object_in(member(item, {"tags"}), "hyperparameters");
    for (const auto& [name, value] : parameters.items())
        run.parameters[name] = value.is_string() ? value.get<std::string>() : value.dump();
    run.experiment_id = text(item, "experimentId");
    // `Run` says createdUtc, `RunDetails` createdTimeUtc.
    run.created_at = first_time(item, "createdUtc", "createdTimeUtc");
    run.started_at = time(item, "startTimeUtc");
    run.ended_at = time(item, "endTimeUtc");
    run.revision = integer(item, "revision").value_or(0);
    run.queueing_message = text(member(item, {"queueingInfo"}), "message");
    for (const auto& warning : member(item, {"warnings"})) {
        auto message = text(warning, "message");
        if (!message.empty()) run.warnings.push_back(std::move(message));
    }
    run.error = read_run_error(item);
    run.cancel_reason = text(item, "cancelationReason");
    run.hidden = boolean(item, "hidden");
    return run;
}

json run_to_json(const Run& run) {
    json item = {{"runId", run.run_id},
                 {"displayName", run.display_name},
                 {"status", run.status},
                 {"target", run.target},
                 {"createdBy", {{"userName", run.created_by}, {"userObjectId", run.owner}}},
                 {"parentRunId", run.parent},
                 {"experimentId", run.experiment_id},
                 {"revision", run.revision},
                 {"queueingInfo", {{"message", run.queueing_message}}},
                 {"cancelationReason", run.cancel_reason},
                 {"hidden", run.hidden}};
    if (run.nodes > 0) item["compute"]["instanceCount"] = run.nodes;
    if (run.has_children) item["uniqueChildRunComputeTargets"] = {run.target};
    if (run.sweep) item["properties"] = sweep_to_json(*run.sweep);
    if (!run.parameters.empty()) item["tags"]["hyperparameters"] = json(run.parameters).dump();
    if (run.created_at) item["createdUtc"] = format_time(*run.created_at);
    if (run.started_at) item["startTimeUtc"] = format_time(*run.started_at);
    if (run.ended_at) item["endTimeUtc"] = format_time(*run.ended_at);
    for (const auto& warning : run.warnings) item["warnings"].push_back({{"message", warning}});
    if (run.error)
        item["error"] = {{"error", {{"code", run.error->code}, {"message", run.error->message}}}};
    return item;
}

std::string experiment_name_problem(std::string_view name) {
    if (name.empty()) return localize("An experiment needs a name.");
    if (name.size() > 256) return localize("An experiment name has at most 256 characters.");
    const auto allowed = [](unsigned char letter) {
        return std::isalnum(letter) != 0 || letter == '-' || letter == '_';
    };
    if (std::isalnum(static_cast<unsigned char>(name.front())) == 0) {
        return localize("An experiment name starts with a letter or a digit.");
    }
    if (!std::all_of(name.begin(), name.end(), allowed)) {
        return localize(
            "An experiment name may hold only letters, digits, hyphens and underscores.");
    }
    return "";
}

}  // namespace aml::azure
