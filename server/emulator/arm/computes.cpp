#include "arm/computes.hpp"

#include "arm/compute_instances.hpp"
#include "arm/compute_validation.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <array>

namespace aml::emulator {
namespace {

constexpr std::chrono::milliseconds change_time{500};

Refused compute_not_found(std::string_view name) {
    return provider_error(
        404,
        "ResourceNotFound",
        fmt::format(
            "The specified resource '{}' was not found: there is no such compute in the workspace.",
            name));
}

/// The read-only part of a new cluster's properties, which the service fills in.
json with_defaults(const json& sent, const json& previous, const Workspace& workspace, Time now) {
    json inner{{"osType", "Linux"},
               {"vmPriority", "Dedicated"},
               {"virtualMachineImage", nullptr},
               {"isolatedNetwork", false},
               {"subnet", nullptr},
               {"remoteLoginPortPublicAccess", "NotSpecified"},
               {"enableNodePublicIp", true},
               {"userAccountCredentials", nullptr}};
    const auto given = value_at(sent, "properties");
    for (const auto* key : {"osType",
                            "vmSize",
                            "vmPriority",
                            "scaleSettings",
                            "remoteLoginPortPublicAccess",
                            "enableNodePublicIp",
                            "subnet"}) {
        if (!value_at(given, key).is_null()) inner[key] = given[key];
    }
    inner["vmSize"] = to_upper(text_at(inner, "vmSize"));
    auto& scale = inner["scaleSettings"];
    if (!scale.contains("minNodeCount") || scale["minNodeCount"].is_null())
        scale["minNodeCount"] = 0;
    if (value_at(scale, "nodeIdleTimeBeforeScaleDown").is_null())
        scale["nodeIdleTimeBeforeScaleDown"] = "PT120S";
    if (!value_at(given, "userAccountCredentials").is_null()) {
        inner["userAccountCredentials"] = {
            {"adminUserName", text_at(given["userAccountCredentials"], "adminUserName")},
            {"adminUserSshPublicKey", nullptr},
            {"adminUserPassword", nullptr}};
    }
    const auto stamp = iso_time(now);
    return {{"computeType", "AmlCompute"},
            {"computeLocation", workspace.location},
            {"description", value_at(sent, "description")},
            {"createdOn", previous.is_object() ? previous.value("createdOn", stamp) : stamp},
            {"modifiedOn", stamp},
            {"resourceId", nullptr},
            {"disableLocalAuth", value_at(sent, "disableLocalAuth") != false},
            {"isAttachedCompute", false},
            {"provisioningState", previous.is_object() ? "Updating" : "Creating"},
            {"provisioningErrors", nullptr},
            {"properties", inner}};
}

/// Throws: Refused when an existing cluster cannot become what was sent.
void check_change(const Resource& previous, const json& sent) {
    const auto& properties = previous.body["properties"];
    if (properties["provisioningState"] == "Deleting") {
        throw provider_error(
            409, "Conflict", fmt::format("The compute '{}' is being deleted.", previous.name));
    }
    const auto before = text_at(properties["properties"], "vmSize");
    const auto after = text_at(value_at(sent, "properties"), "vmSize");
    if (!same_text(before, after)) {
        throw provider_error(
            400,
            "BadRequest",
            fmt::format("The VM size of compute '{}' cannot be changed from {} to {}.",
                        previous.name,
                        before,
                        to_upper(after)));
    }
}

}  // namespace

void Computes::add_routes() {
    RouteTable table(site_.router, ml_versions());
    const auto all = std::string(workspace_path) + "/computes";
    table.add("GET", all, this, &Computes::list);
    table.add("GET", all + "/{compute}", this, &Computes::get);
    table.add("PUT", all + "/{compute}", this, &Computes::put);
    table.add("PATCH", all + "/{compute}", this, &Computes::patch);
    table.add("DELETE", all + "/{compute}", this, &Computes::remove);
    table.add("POST", all + "/{compute}/listNodes", this, &Computes::list_nodes);
    table.add("POST", all + "/{compute}/listKeys", this, &Computes::list_keys);
    for (const auto& [path, kind] : {std::pair("/{compute}/start", "computes.start"),
                                     std::pair("/{compute}/stop", "computes.stop"),
                                     std::pair("/{compute}/restart", "computes.restart")}) {
        table.add("POST", all + path, [this, kind = kind](const Request& request) {
            return power(request, kind);
        });
    }
    table.add("GET",
              std::string(location_path) + "/computeOperationsStatus/{operation}",
              this,
              &Computes::operation_status);
    site_.operations.on_end(
        "computes.change", [this](const Operation& operation) { return finish_change(operation); });
    site_.operations.on_end("computes.delete", [this](const Operation& operation) {
        return finish_removal(operation);
    });
    for (const auto& action : power_actions()) {
        site_.operations.on_end(
            action.kind, [this](const Operation& operation) { return finish_power(operation); });
    }
}

json Computes::show(const Workspace& workspace, const Resource& compute) const {
    auto shown = resource_json(workspace, compute);
    if (is_instance(compute)) return shown;
    const auto state = site_.scheduler.cluster(workspace.id, compute.name);
    auto& inner = shown["properties"]["properties"];
    inner["currentNodeCount"] = state.current_nodes;
    inner["targetNodeCount"] = state.target_nodes;
    inner["nodeStateCounts"] = {{"preparingNodeCount", state.preparing},
                                {"runningNodeCount", state.running},
                                {"idleNodeCount", state.idle},
                                {"unusableNodeCount", 0},
                                {"leavingNodeCount", state.leaving},
                                {"preemptedNodeCount", 0}};
    inner["allocationState"] = state.resizing ? "Resizing" : "Steady";
    inner["allocationStateTransitionTime"] =
        state.changed == Time() ? shown["properties"]["createdOn"] : json(iso_time(state.changed));
    inner["errors"] = nullptr;
    return shown;
}

Resource Computes::require(const Workspace& workspace, const Request& request) {
    auto found = site_.context.resources.find(workspace.id, "computes", request.param("compute"));
    if (!found) throw compute_not_found(request.param("compute"));
    return *found;
}

Reply Computes::list(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto limit = page_length(site_, request);
    auto found = site_.context.resources.list(
        workspace.id, "computes", "", {skip_position(request), limit + 1});
    const bool more = found.size() > limit;
    if (more) found.pop_back();
    std::vector<json> items;
    for (const auto& compute : found) items.push_back(show(workspace, compute));
    return page_reply(
        request, std::move(items), more ? std::optional(found.back().sequence) : std::nullopt);
}

Reply Computes::get(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    return Reply::of_json(show(workspace, require(workspace, request)));
}

Reply Computes::put(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto body = request.json_body();
    const auto& name = request.param("compute");
    if (!is_compute_name(name)) {
        throw provider_error(
            400,
            "BadRequest",
            fmt::format("The compute name '{}' is invalid: 3 to 24 letters, digits and hyphens, "
                        "starting with a letter and not ending in a hyphen "
                        "followed by digits.",
                        name));
    }
    const auto previous = site_.context.resources.find(workspace.id, "computes", name);
    auto properties = properties_of(request, body, workspace, previous);
    Resource compute;
    compute.workspace_id = workspace.id;
    compute.type = "computes";
    compute.name = previous ? previous->name : name;
    compute.system_data = system_data(request, previous ? previous->system_data : json());
    compute.body = {{"location", workspace.location},
                    {"tags", tags_at(body)},
                    {"identity", value_at(body, "identity")},
                    {"sku", nullptr}};
    compute.body["properties"] = std::move(properties);
    Transaction transaction(site_.context.store);
    site_.context.resources.put(compute);
    const auto* kind = is_instance(compute) ? "computes.create" : "computes.change";
    auto reply = accepted(request, workspace, compute, kind, previous ? 200 : 201);
    transaction.commit();
    return reply;
}

json Computes::properties_of(const Request& request,
                             const json& body,
                             const Workspace& workspace,
                             const std::optional<Resource>& previous) {
    const auto sent = value_at(body, "properties");
    const auto type = text_at(sent, "computeType");
    const auto before = previous ? previous->body["properties"] : json();
    if (type.empty()) reject_member("properties.computeType", "'computeType' is required.");
    const bool wants_instance = same_text(type, "ComputeInstance");
    if (!wants_instance && !same_text(type, "AmlCompute")) {
        reject_member("properties.computeType",
                      fmt::format("The compute type '{}' is not supported by this emulator: "
                                  "AmlCompute and ComputeInstance are.",
                                  type));
    }
    if (previous && is_instance(*previous) != wants_instance) {
        reject_member(
            "properties.computeType",
            fmt::format("The compute '{}' exists already and is of another type.", previous->name));
    }
    if (previous && wants_instance) {
        throw provider_error(
            400,
            "BadRequest",
            fmt::format("The compute instance '{}' exists already and cannot be changed.",
                        previous->name));
    }
    if (wants_instance) {
        check_instance(site_, body, workspace);
        const json creator{{"userName", request.caller.name},
                           {"userOrgId", request.caller.tenant},
                           {"userId", request.caller.object_id}};
        return instance_properties(sent, before, workspace, creator, request.received);
    }
    check_cluster(body, workspace);
    if (previous) check_change(*previous, sent);
    return with_defaults(sent, before, workspace, request.received);
}

Reply Computes::power(const Request& request, const char* kind) {
    const auto workspace = require_workspace(site_, request);
    auto compute = require(workspace, request);
    const auto& action = *find_power_action(kind);
    const bool began = begin_power(site_, workspace, action, compute, request.received);
    Transaction transaction(site_.context.store);
    site_.context.resources.put(compute);
    site_.scheduler.compute_changed(workspace.id, compute.name);
    auto reply = accepted(request, workspace, compute, began ? kind : "computes.nothing", 202);
    transaction.commit();
    return reply;
}

json Computes::finish_power(const Operation& operation) {
    auto compute =
        site_.context.resources.find(operation.workspace_id, "computes", operation.target);
    if (!compute || compute->body["properties"]["provisioningState"] == "Deleting")
        return {{"code", "ResourceNotFound"}, {"message", "The compute was deleted meanwhile."}};
    end_power(*find_power_action(operation.kind), *compute);
    compute->body["properties"]["provisioningState"] = "Succeeded";
    site_.context.resources.put(*compute);
    site_.scheduler.compute_changed(operation.workspace_id, compute->name);
    return nullptr;
}

Reply Computes::patch(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    auto compute = require(workspace, request);
    if (is_instance(compute))
        throw provider_error(400, "BadRequest", "A compute instance has no scale settings.");
    const auto scale = value_at(value_at(value_at(request.json_body(), "properties"), "properties"),
                                "scaleSettings");
    if (!scale.is_object())
        throw provider_error(
            400,
            "BadRequest",
            "properties.properties.scaleSettings is required to update a compute.");
    compute.body["properties"]["properties"]["scaleSettings"].update(scale);
    check_cluster(compute.body, workspace);
    compute.body["properties"]["provisioningState"] = "Updating";
    compute.body["properties"]["modifiedOn"] = iso_time(request.received);
    compute.system_data = system_data(request, compute.system_data);
    Transaction transaction(site_.context.store);
    site_.context.resources.put(compute);
    auto reply = accepted(request, workspace, compute, "computes.change", 200);
    transaction.commit();
    return reply;
}

Reply Computes::remove(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto& action = request.query.get("underlyingResourceAction");
    if (!same_text(action, "Delete") && !same_text(action, "Detach")) {
        throw provider_error(
            400,
            "BadRequest",
            "The query parameter 'underlyingResourceAction' is required: Delete or Detach.");
    }
    auto compute = site_.context.resources.find(workspace.id, "computes", request.param("compute"));
    if (!compute) return Reply::empty(204);
    refuse_if_locked(site_, workspace, resource_id(workspace, *compute));
    compute->body["properties"]["provisioningState"] = "Deleting";
    Transaction transaction(site_.context.store);
    site_.context.resources.put(*compute);
    auto reply = accepted(request, workspace, *compute, "computes.delete", 202);
    transaction.commit();
    return reply;
}

Reply Computes::accepted(const Request& request,
                         const Workspace& workspace,
                         const Resource& compute,
                         std::string_view kind,
                         int status) {
    const auto time = status == 201 ? creation_time : change_time;
    const auto id = site_.operations.start(kind, workspace.id, compute.name, time);
    auto reply =
        status == 202 ? Reply::empty(202) : Reply::of_json(show(workspace, compute), status);
    reply.headers.set(
        "Azure-AsyncOperation",
        operation_url(request, workspace, "computeOperationsStatus", id, "&service=new"));
    return reply;
}

json Computes::finish_change(const Operation& operation) {
    auto compute =
        site_.context.resources.find(operation.workspace_id, "computes", operation.target);
    if (!compute || compute->body["properties"]["provisioningState"] == "Deleting") {
        return {{"code", "ResourceNotFound"}, {"message", "The compute was deleted meanwhile."}};
    }
    compute->body["properties"]["provisioningState"] = "Succeeded";
    site_.context.resources.put(*compute);
    site_.scheduler.compute_changed(operation.workspace_id, compute->name);
    return nullptr;
}

json Computes::finish_removal(const Operation& operation) {
    if (site_.context.resources.remove(operation.workspace_id, "computes", operation.target)) {
        site_.scheduler.compute_deleted(operation.workspace_id, operation.target);
    }
    return nullptr;
}

Reply Computes::list_nodes(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto compute = require(workspace, request);
    if (is_instance(compute))
        throw provider_error(400, "BadRequest", "Nodes can be listed for AmlCompute only.");
    return Reply::of_json({{"nodes", site_.scheduler.cluster(workspace.id, compute.name).nodes},
                           {"nextLink", nullptr}});
}

Reply Computes::list_keys(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    require(workspace, request);
    throw provider_error(
        400,
        "BadRequest",
        "Keys can be listed for AKS, VirtualMachine and Databricks computes only.");
}

Reply Computes::operation_status(const Request& request) {
    const auto operation = site_.operations.find(request.param("operation"));
    if (!operation)
        throw provider_error(
            404,
            "NotFound",
            fmt::format("Operation '{}' was not found.", request.param("operation")));
    json body{{"status", operation->status}};
    if (operation->status != "InProgress") body["percentComplete"] = 100.0;
    if (!operation->error.is_null()) body["error"] = operation->error;
    return Reply::of_json(body);
}

}  // namespace aml::emulator
