#include "data/run_json.hpp"

#include "core/text.hpp"
#include "core/time.hpp"
#include "data/data_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aml::emulator {

namespace {

constexpr std::string_view container = "azureml";
constexpr std::array<std::string_view, 4> log_folders{
    "azureml-logs/", "logs/azureml/", "system_logs/", "user_logs/"};
constexpr std::size_t most_logs = 100;

json time_or_null(const std::optional<Time>& time) {
    return time ? json(iso_time(*time)) : json();
}

json text_or_null(const std::string& text) {
    return text.empty() ? json() : json(text);
}

// .NET TimeSpan: `[d.]hh:mm:ss.fffffff`.
json duration(const std::optional<Time>& start, const std::optional<Time>& end) {
    if (!start || !end) return nullptr;
    // What has just begun may be a moment later than what was noted last.
    const auto all = std::max<std::int64_t>(0, to_millis(*end) - to_millis(*start));
    const auto days = all / 86'400'000;
    const auto clock = fmt::format("{:02}:{:02}:{:02}.{:03}0000",
                                   all / 3'600'000 % 24,
                                   all / 60'000 % 60,
                                   all / 1000 % 60,
                                   all % 1000);
    return days > 0 ? fmt::format("{}.{}", days, clock) : clock;
}

int node_count(const Run& run) {
    const auto count = run.job.value("/resources/instanceCount"_json_pointer, json(1));
    return count.is_number_integer() ? count.get<int>() : 1;
}

json compute(const Run& run) {
    if (run.kind != "job") return nullptr;
    return {{"target", text_or_null(run.target)},
            {"targetType", run.target.empty() ? "serverless" : "amlcompute"},
            {"vmSize", nullptr},
            {"instanceType", nullptr},
            {"instanceCount", node_count(run)},
            {"gpuCount", 0},
            {"priority", nullptr},
            {"region", nullptr},
            {"armId", nullptr},
            {"properties", nullptr}};
}

bool is_sweep(const Run& run) {
    return text_at(run.job, "jobType") == "Sweep";
}

bool is_pipeline(const Run& run) {
    return text_at(run.job, "jobType") == "Pipeline";
}

/// What runs a job, and what kind of run that makes of it.
std::string run_type(const Run& run) {
    if (is_sweep(run)) return "azureml.HyperDrive";
    if (is_pipeline(run)) return "azureml.PipelineRun";
    const bool is_step = text_at(run.properties, "azureml.runsource") == "azureml.StepRun";
    return is_step ? "azureml.StepRun" : "azureml.scriptrun";
}

std::string orchestrator(const Run& run) {
    if (is_sweep(run)) return "HyperDrive";
    return is_pipeline(run) ? "Pipeline" : "Execution";
}

json data_bindings(const Workspace& workspace,
                   const Run& run,
                   std::string_view member,
                   std::string_view direction) {
    auto bindings = json::object();
    const auto found = run.job.find(member);
    if (found == run.job.end() || !found->is_object()) return bindings;
    for (const auto& [name, value] : found->items()) {
        if (!value.is_object() || text_at(value, "jobInputType") == "literal") continue;
        const auto kind =
            to_lower(text_at(value, "jobInputType") + text_at(value, "jobOutputType"));
        bindings[name] = {{"assetId", data_asset_id(workspace, run.id, direction, name)},
                          {"type", kind == "uri_file" ? "UriFile" : "UriFolder"}};
    }
    return bindings;
}

// Whether somebody is a person is known to ARM's `systemData` only.
json user(json created_by) {
    created_by.erase("userType");
    return created_by;
}

// What Run and RunDetails have in common.
json common(const Workspace& workspace, const Run& run) {
    const bool job = run.kind == "job";
    const auto traits = job ? json{"scriptRun", "remote", "CommonRuntime"} : json::array();
    const auto parent = text_or_null(run.parent_id);
    return {
        {"runId", run.id},
        {"runUuid", run.uuid},
        {"parentRunUuid", nullptr},
        {"rootRunUuid", run.root_id == run.id ? json(run.uuid) : json()},
        {"target", text_or_null(run.target)},
        {"status", run.status},
        {"parentRunId", parent},
        {"rootRunId", run.root_id},
        {"dataContainerId", "dcid." + run.id},
        {"startTimeUtc", time_or_null(run.started)},
        {"endTimeUtc", time_or_null(run.ended)},
        {"error", run.error},
        {"warnings", run.warnings.empty() ? json() : run.warnings},
        {"tags", run.tags},
        {"properties", run.properties},
        {"parameters", run.parameters},
        {"services", json::object()},
        {"inputDatasets", json::array()},
        {"outputDatasets", json::array()},
        {"revision", run.revision},
        {"statusRevision", run.status_revision},
        {"runTypeV2",
         {{"orchestrator", job ? json(orchestrator(run)) : json()},
          {"traits", traits},
          {"attribution", nullptr},
          {"computeType", job ? json("AmlcTrain") : json()}}},
        {"settings", json::object()},
        {"computeRequest", job ? json{{"nodeCount", node_count(run)}, {"gpuCount", 0}} : json()},
        {"compute", compute(run)},
        {"createdBy", user(run.created_by)},
        {"lastModifiedBy", user(run.created_by)},
        {"userId", text_at(run.created_by, "userObjectId")},
        {"computeDuration", duration(run.started, run.ended)},
        {"duration", duration(run.created, run.ended)},
        {"effectiveStartTimeUtc", time_or_null(run.started)},
        {"lastStartTimeUtc", time_or_null(run.started)},
        {"currentComputeTime",
         run.ended || !run.started ? json("00:00:00") : duration(run.started, run.modified)},
        {"runNumber", to_millis(run.created) / 1000},
        {"lastModifiedUtc", iso_time(run.modified)},
        {"inputs", data_bindings(workspace, run, "inputs", "input")},
        {"outputs", data_bindings(workspace, run, "outputs", "output")},
        {"currentAttemptId", 1}};
}

}  // namespace

BlobKey RunArtifacts::key(const Workspace& workspace,
                          std::string_view run_id,
                          std::string_view path) {
    return {workspace.storage_account,
            std::string(container),
            fmt::format("ExperimentRun/dcid.{}/{}", run_id, path)};
}

std::string RunArtifacts::path(const Blob& blob, std::string_view run_id) {
    return blob.key.name.substr(std::string_view("ExperimentRun/dcid./").size() + run_id.size());
}

std::vector<Blob> RunArtifacts::list(const Workspace& workspace,
                                     std::string_view run_id,
                                     std::string_view prefix,
                                     std::string_view after,
                                     std::size_t limit) {
    const auto from = key(workspace, run_id, prefix);
    const auto last = after.empty() ? std::string() : key(workspace, run_id, after).name;
    return blobs_.store().list(from.account, from.container, from.name, last, limit);
}

json RunArtifacts::log_files(const Workspace& workspace,
                             std::string_view run_id,
                             std::string_view base_url) {
    auto files = json::object();
    for (const auto folder : log_folders) {
        for (const auto& blob : list(workspace, run_id, folder, "", most_logs)) {
            files[path(blob, run_id)] = blobs_.blob_url(base_url, blob.key, "r");
        }
    }
    return files;
}

json run_json(const Workspace& workspace, const Run& run, std::string_view base_url) {
    auto body = common(workspace, run);
    const auto service = fmt::format("{}/history/v1.0{}/experimentids/{}/runs/{}",
                                     base_url,
                                     workspace.arm_id(),
                                     run.experiment_id,
                                     percent_encode(run.id));
    body["experimentId"] = run.experiment_id;
    body["displayName"] = text_or_null(run.display_name);
    body["name"] = text_or_null(run.display_name);
    body["description"] = text_or_null(run.description);
    body["hidden"] = run.archived;
    body["runType"] = run.kind != "job" ? json() : json(run_type(run));
    body["scriptName"] = nullptr;
    body["createdUtc"] = iso_time(run.created);
    body["cancelationReason"] = nullptr;
    body["cancelUri"] = service + "/cancel";
    body["actionUris"] = {{"Cancel", service + "/cancel"}};
    body["completeUri"] = nullptr;
    body["diagnosticsUri"] = nullptr;
    const auto objective = run.job.find("objective");
    body["primaryMetricName"] =
        objective != run.job.end() ? text_or_null(text_at(*objective, "primaryMetric")) : json();
    body["queueingInfo"] = run.queueing;
    body["token"] = nullptr;
    body["tokenExpiryTimeUtc"] = nullptr;
    return body;
}

json run_details_json(const Workspace& workspace, const Run& run) {
    auto body = common(workspace, run);
    body["createdTimeUtc"] = iso_time(run.created);
    body["runDefinition"] = run_definition_json(run);
    return body;
}

json run_definition_json(const Run& run) {
    if (run.kind != "job" || is_sweep(run) || is_pipeline(run)) return nullptr;
    return {{"script", nullptr},
            {"command", run.job.value("command", json())},
            {"arguments", json::array()},
            {"framework", "Python"},
            {"communicator", "None"},
            {"target", text_or_null(run.target)},
            {"nodeCount", node_count(run)},
            {"environment", {{"assetId", run.job.value("environmentId", json())}}},
            {"environmentVariables", run.job.value("environmentVariables", json::object())},
            {"jobName", run.id}};
}

std::string data_asset_id(const Workspace& workspace,
                          std::string_view run_id,
                          std::string_view direction,
                          std::string_view name) {
    return fmt::format("azureml://locations/{}/workspaces/{}/data/azureml_{}_{}_data_{}/versions/1",
                       workspace.location,
                       workspace.id,
                       run_id,
                       direction,
                       name);
}

}  // namespace aml::emulator
