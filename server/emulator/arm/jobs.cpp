#include "arm/jobs.hpp"

#include "core/text.hpp"
#include "core/time.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

namespace aml::emulator {
namespace {

Refused job_not_found(const Request& request, std::string_view name) {
    return ml_error(request,
                    404,
                    "UserError",
                    fmt::format("Job {} not found.", name),
                    {"NotFound", "NotFoundError"});
}

json created_by(const Caller& caller) {
    return {{"userObjectId", caller.object_id},
            {"userPuId", nullptr},
            {"userIdp", nullptr},
            {"userAltSecId", nullptr},
            {"userIss", fmt::format("https://sts.windows.net/{}/", caller.tenant)},
            {"userTenantId", caller.tenant},
            {"userName", caller.name},
            {"upn", nullptr},
            {"userType", caller.type}};
}

/// The GUID in `…/codes/{guid}/versions/1`, which run history calls the snapshot.
json snapshot_of(const json& code_id) {
    if (!code_id.is_string()) return nullptr;
    const auto& id = code_id.get_ref<const std::string&>();
    const auto start = id.find("/codes/") + 7;
    return id.substr(start, id.find('/', start) - start);
}

std::string type_of(const Run& run) {
    const auto type = text_at(run.job, "jobType");
    return type.empty() ? "Command" : type;
}

/// What Azure's HyperDrive notes of a sweep.
json sweep_properties(const json& job) {
    const auto objective = value_at(job, "objective");
    const json metric{{"name", text_at(objective, "primaryMetric")},
                      {"goal", to_lower(text_at(objective, "goal"))}};
    return {{"runTemplate", "HyperDrive"},
            {"azureml.runsource", "hyperdrive"},
            {"platform", "AML"},
            {"primary_metric_config", metric.dump()}};
}

bool is_wanted_job(const Request& request, const Run& run) {
    const auto& view = request.query.get("listViewType");
    if (same_text(view, "ArchivedOnly") ? !run.archived : !same_text(view, "All") && run.archived)
        return false;
    const auto& type = request.query.get("jobType");
    if (!type.empty() && !same_text(type, type_of(run))) return false;
    const auto& tag = request.query.get("tag");
    if (tag.empty()) return true;
    const auto equals = tag.find('=');
    const auto value = value_at(run.tags, tag.substr(0, equals));
    return equals == std::string::npos ? !value.is_null() : value == tag.substr(equals + 1);
}

}  // namespace

void Jobs::add_routes() {
    RouteTable table(site_.router, ml_versions());
    const auto all = std::string(workspace_path) + "/jobs";
    table.add("GET", all, this, &Jobs::list);
    table.add("GET", all + "/{job}", this, &Jobs::get);
    table.add("PUT", all + "/{job}", this, &Jobs::put);
    table.add("POST", all + "/{job}/cancel", this, &Jobs::cancel);
    table.add("DELETE", all + "/{job}", this, &Jobs::remove);
    table.add("GET",
              std::string(location_path) + "/mfeOperationResults/{operation}",
              this,
              &Jobs::operation_result);
}

Run Jobs::require(const Workspace& workspace, const Request& request) {
    auto run = site_.context.runs.find(workspace.id, request.param("job"));
    if (!run || run->kind != "job") throw job_not_found(request, request.param("job"));
    return *run;
}

Reply Jobs::list(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto limit = page_length(site_, request);
    auto after = skip_position(request);
    std::vector<json> items;
    for (;;) {
        const auto batch = site_.context.runs.list_jobs(workspace.id, {after, limit});
        for (const auto& run : batch) {
            after = run.sequence;
            if (is_wanted_job(request, run)) items.push_back(show(workspace, request, run));
            if (items.size() == limit) return page_reply(request, std::move(items), after);
        }
        if (batch.size() < limit) return page_reply(request, std::move(items), std::nullopt);
    }
}

Reply Jobs::get(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    return Reply::of_json(show(workspace, request, require(workspace, request)));
}

Reply Jobs::put(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto& name = request.param("job");
    if (!is_name(name, 1, 255, "-_")) {
        throw bad_argument(request,
                           fmt::format("The job name '{}' is invalid: 1 to 255 letters, digits, "
                                       "hyphens and underscores, starting with a letter or digit.",
                                       name),
                           "JobNameInvalid");
    }
    auto run = site_.context.runs.find(workspace.id, name);
    const auto spec =
        check_job(site_, workspace, request, run ? run->id : name, request.json_body());
    if (run && run->kind != "job")
        throw bad_argument(
            request, fmt::format("A run named {} exists already.", name), "RunExists");
    const bool is_new = !run;
    if (is_new) {
        run = create(workspace, request, spec);
        site_.scheduler.run_created(workspace.id, run->id);
        // The scheduler may have moved it on already.
        run = site_.context.runs.find(workspace.id, name);
    } else {
        update(*run, request, spec);
    }
    auto reply = Reply::of_json(show(workspace, request, *run), is_new ? 201 : 200);
    reply.headers.set("Location",
                      fmt::format("{}{}/jobs/{}?api-version={}",
                                  request.base_url,
                                  workspace.arm_id(),
                                  run->id,
                                  request.query.get("api-version")));
    return reply;
}

Run Jobs::create(const Workspace& workspace, const Request& request, const JobSpec& spec) {
    auto& context = site_.context;
    Transaction transaction(context.store);
    Run run;
    run.workspace_id = workspace.id;
    run.id = request.param("job");
    run.uuid = context.random.uuid();
    run.experiment_id =
        context.runs.ensure_experiment(workspace.id, spec.experiment, request.received).id;
    run.display_name = spec.display_name;
    run.description = spec.description;
    run.target = spec.target;
    run.tags = spec.tags;
    run.properties = spec.properties;
    run.properties["_azureml.ComputeTargetType"] = spec.target.empty() ? "serverless" : "amlctrain";
    const bool is_sweep = text_at(spec.job, "jobType") == "Sweep";
    if (is_sweep) run.properties.update(sweep_properties(spec.job));
    if (text_at(spec.job, "jobType") == "Pipeline")
        run.properties.update({{"azureml.runsource", "azureml.PipelineRun"},
                               {"runSource", "MFE"},
                               {"runType", "HTTP"}});
    const auto snapshot =
        snapshot_of(value_at(is_sweep ? value_at(spec.job, "trial") : spec.job, "codeId"));
    if (!snapshot.is_null()) run.properties["ContentSnapshotId"] = snapshot;
    run.job = spec.job;
    run.created_by = created_by(request.caller);
    run.archived = spec.archived;
    run.created = request.received;
    context.runs.insert(run);
    transaction.commit();
    return run;
}

void Jobs::update(Run& run, const Request& request, const JobSpec& spec) {
    const auto refuse = [&](std::string_view what) -> Refused {
        return bad_argument(
            request,
            fmt::format("A job with this name already exists. If you are trying to submit a new "
                        "job, use a different name. If you are trying to update an existing job, "
                        "{} of job {} cannot be changed. Only description, tags, displayName, "
                        "properties, and isArchived can be updated.",
                        what,
                        run.id),
            "JobPropertyImmutable");
    };
    const auto experiment =
        site_.context.runs.find_experiment_by_id(run.workspace_id, run.experiment_id);
    if (experiment && !same_text(experiment->name, spec.experiment))
        throw refuse("'experimentName'");
    for (const auto& [key, value] : spec.job.items()) {
        if (value_at(run.job, key) != value) throw refuse(fmt::format("'{}'", key));
    }
    const auto before = run;
    run.tags = spec.tags;
    // Azure's own are not the user's to take away.
    for (const auto& [key, value] : before.tags.items()) {
        if (key.starts_with("_aml_system_")) run.tags[key] = value;
    }
    run.display_name = spec.display_name;
    run.description = spec.description;
    run.archived = spec.archived;
    for (const auto& [key, value] : spec.properties.items()) {
        if (!run.properties.contains(key)) run.properties[key] = value;
    }
    const bool changed = run.tags != before.tags || run.properties != before.properties ||
                         run.display_name != before.display_name ||
                         run.description != before.description || run.archived != before.archived;
    // The same once more is no update, and the job is not run again.
    if (!changed) throw refuse("what makes it");
    site_.context.runs.update(run, request.received);
}

json Jobs::services(const Workspace& workspace, const Request& request, const Run& run) const {
    const auto service = [](const char* type, std::string endpoint) {
        return json{{"jobServiceType", type},
                    {"port", nullptr},
                    {"endpoint", std::move(endpoint)},
                    {"status", nullptr},
                    {"errorMessage", nullptr},
                    {"properties", nullptr}};
    };
    auto all = value_at(run.job, "services");
    if (!all.is_object()) all = json::object();
    const auto host = request.base_url.substr(request.base_url.find("//") + 2);
    all["Tracking"] =
        service("Tracking", fmt::format("azureml://{}/mlflow/v1.0{}?", host, workspace.arm_id()));
    all["Studio"] =
        service("Studio",
                fmt::format("{}/runs/{}?wsid=/subscriptions/{}/resourcegroups/{}/workspaces/{}",
                            request.base_url,
                            run.id,
                            workspace.subscription,
                            workspace.resource_group,
                            workspace.name));
    return all;
}

json Jobs::show(const Workspace& workspace, const Request& request, const Run& run) {
    const auto experiment =
        site_.context.runs.find_experiment_by_id(run.workspace_id, run.experiment_id);
    auto tags = run.tags;
    if (!run.target.empty() && !is_final(run.status)) {
        const auto state = site_.scheduler.cluster(workspace.id, run.target);
        const json counts{{"AllocationState", state.resizing ? "resizing" : "steady"},
                          {"PreparingNodeCount", state.preparing},
                          {"RunningNodeCount", state.running},
                          {"CurrentNodeCount", state.current_nodes}};
        tags["_aml_system_ComputeTargetStatus"] = counts.dump();
    }
    auto properties = run.job;
    properties.update({{"jobType", type_of(run)},
                       {"status", run.status},
                       {"displayName", run.display_name},
                       {"experimentName", experiment ? experiment->name : ""},
                       {"description", run.description},
                       {"isArchived", run.archived},
                       {"componentId", nullptr},
                       {"tags", std::move(tags)},
                       {"properties", run.properties},
                       {"services", services(workspace, request, run)}});
    if (type_of(run) == "Command")
        properties.update({{"parameters", run.job.value("parameters", json::object())}});
    else
        properties.erase("resources");  // They are known by those of its parts.
    return {{"id", fmt::format("{}/jobs/{}", workspace.arm_id(), run.id)},
            {"name", run.id},
            {"type", "Microsoft.MachineLearningServices/workspaces/jobs"},
            {"properties", std::move(properties)},
            {"systemData",
             {{"createdAt", iso_time(run.created)},
              {"createdBy", run.created_by.value("userName", "")},
              {"createdByType", run.created_by.value("userType", "User")},
              {"lastModifiedAt", iso_time(run.modified)}}}};
}

Reply Jobs::cancel(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto run = require(workspace, request);
    if (is_final(run.status)) {
        throw bad_argument(
            request,
            fmt::format(
                "Job {} is in terminal status {}, it can't be canceled.", run.id, run.status),
            "CancelRunInTerminalStatus");
    }
    site_.scheduler.cancel_requested(workspace.id, run.id);
    auto reply = Reply::of_json(nullptr, 202);
    reply.headers.set("Location",
                      operation_url(request,
                                    workspace,
                                    "mfeOperationResults",
                                    fmt::format("jc:{}:{}", workspace.id, run.id)));
    reply.headers.set("x-ms-async-operation-timeout", "PT1H");
    return reply;
}

Reply Jobs::remove(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto run = site_.context.runs.find(workspace.id, request.param("job"));
    if (!run || run->kind != "job") return Reply::empty(204);
    if (!is_final(run->status)) {
        throw bad_argument(
            request,
            fmt::format(
                "Job {} is {} and cannot be deleted. Cancel it first.", run->id, run->status),
            "DeleteRunInNonTerminalStatus");
    }
    site_.context.runs.remove(workspace.id, run->id);
    site_.scheduler.run_deleted(workspace.id, run->id);
    auto reply = Reply::of_json(nullptr, 202);
    reply.headers.set("Location",
                      operation_url(request,
                                    workspace,
                                    "mfeOperationResults",
                                    fmt::format("jd:{}:{}", workspace.id, run->id)));
    return reply;
}

Reply Jobs::operation_result(const Request& request) {
    // jc:{workspaceId}:{job} ends when the job does; jd:… when it is gone.
    const auto& id = request.param("operation");
    const auto first = id.find(':');
    const auto second = id.find(':', first + 1);
    if (second == std::string::npos)
        throw ml_error(
            request, 404, "UserError", fmt::format("Operation {} not found.", id), {"NotFound"});
    const auto run =
        site_.context.runs.find(id.substr(first + 1, second - first - 1), id.substr(second + 1));
    const bool is_delete = starts_with_text(id, "jd:");
    if (!run && !is_delete) throw job_not_found(request, id.substr(second + 1));
    if (is_delete ? !run.has_value() : is_final(run->status)) return Reply::empty(200);
    auto reply = Reply::of_json(json::object(), 202);
    reply.headers.set("Location", request.base_url + request.target);
    return reply;
}

}  // namespace aml::emulator
