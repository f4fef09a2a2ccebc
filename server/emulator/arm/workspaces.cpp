#include "arm/workspaces.hpp"

#include "arm/locations.hpp"
#include "core/seeded_facts.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <array>

namespace aml::emulator {
namespace {

constexpr std::chrono::milliseconds operation_time{1500};

/// What a client may set; everything else in a body is ignored, as Azure does.
constexpr std::array<const char*, 13> settable{"friendlyName",
                                               "managedNetwork",
                                               "description",
                                               "storageAccount",
                                               "keyVault",
                                               "applicationInsights",
                                               "containerRegistry",
                                               "hbiWorkspace",
                                               "imageBuildCompute",
                                               "publicNetworkAccess",
                                               "v1LegacyMode",
                                               "enableDataIsolation",
                                               "systemDatastoresAuthMode"};

/// With addresses that whoever came by `base` can use.
json workspace_json(const Workspace& workspace, const std::string& base) {
    json body{{"id", workspace.arm_id()},
              {"name", workspace.name},
              {"type", "Microsoft.MachineLearningServices/workspaces"},
              {"location", workspace.location},
              {"etag", nullptr}};
    body.update(workspace.body);
    auto& properties = body["properties"];
    properties["workspaceId"] = workspace.id;
    properties["discoveryUrl"] = base + "/discovery";
    properties["mlFlowTrackingUri"] = fmt::format(
        "azureml://{}/mlflow/v1.0{}", base.substr(base.find("//") + 2), workspace.arm_id());
    body["systemData"] = workspace.system_data;
    return body;
}

Refused missing(std::string_view what) {
    return provider_error(400,
                          "ValidationError",
                          fmt::format("Missing dependent resources in workspace json: {}.", what));
}

/// Checks the body of a PUT and returns where the workspace goes. Throws: Refused (400).
const Region& check_workspace(const std::string& name, const json& body) {
    if (!is_name(name, 3, 33, "-_")) {
        throw provider_error(
            400,
            "BadRequest",
            fmt::format("Workspace name '{}' is invalid. It must be 3 to 33 characters long, start "
                        "with a letter or digit, and hold letters, "
                        "digits, hyphens and underscores only.",
                        name));
    }
    const auto* region = find_region(text_at(body, "location"));
    if (region == nullptr) {
        throw arm_error(400,
                        "LocationNotAvailableForResourceType",
                        fmt::format("The provided location '{}' is not available for resource type "
                                    "'Microsoft.MachineLearningServices/workspaces'.",
                                    text_at(body, "location")));
    }
    const auto sent = value_at(body, "properties");
    for (const auto* resource : {"storageAccount", "keyVault", "applicationInsights"}) {
        if (!text_at(sent, resource).starts_with("/subscriptions/")) throw missing(resource);
    }
    return *region;
}

bool is_true(const json& value) {
    return value == true || (value.is_string() && same_text(value.get<std::string>(), "true"));
}

/// Throws: Refused while a deleted workspace keeps the name, unless it shall come back.
void check_name_is_free(Site& site, const std::string& arm_id, const json& sent) {
    const auto fact = soft_deleted_fact(to_lower(arm_id));
    if (site.context.store.fact(fact).value_or("").empty()) return;
    if (!is_true(value_at(sent, "allowRecoverSoftDeletedWorkspace"))) {
        throw provider_error(400,
                             "BadRequest",
                             "Soft-deleted workspace exists. Please purge or recover it. "
                             "https://aka.ms/wsoftdelete");
    }
    site.context.store.set_fact(fact, "");
}

/// Templates send truth values as texts, and what is to stay as it is as "" or {}.
void apply_settings(const json& sent, json& properties) {
    for (const auto* key : settable) {
        auto value = value_at(sent, key);
        const bool says_nothing =
            (value.is_string() && value.get_ref<const std::string&>().empty()) ||
            (value.is_object() && value.empty());
        if (!sent.contains(key) || says_nothing) continue;
        if (value == "true" || value == "false") value = is_true(value);
        properties[key] = std::move(value);
    }
}

}  // namespace

WorkspacePut put_workspace(Site& site,
                           const Request& request,
                           const ResourceGroup& group,
                           const std::string& name,
                           const json& body) {
    const auto& region = check_workspace(name, body);
    const auto sent = value_at(body, "properties");
    auto known = site.context.resources.find_workspace(group.subscription, group.name, name);
    if (known && known->location != region.name) {
        throw arm_error(
            409,
            "InvalidResourceLocation",
            fmt::format("The resource '{}' already exists in location '{}' in resource group '{}'.",
                        name,
                        known->location,
                        group.name));
    }
    WorkspacePut put{known.value_or(Workspace()), {}, !known};
    auto& workspace = put.workspace;
    workspace.system_data = system_data(request, workspace.system_data);
    if (body.contains("tags")) workspace.body["tags"] = tags_at(body);
    apply_settings(sent, workspace.body["properties"]);
    if (known) {
        workspace.body["properties"]["provisioningState"] = "Updating";
        site.context.resources.put_workspace(workspace);
    } else {
        workspace.subscription = group.subscription;
        workspace.resource_group = group.name;
        workspace.name = name;
        workspace.location = region.name;
        check_name_is_free(site, workspace.arm_id(), sent);
        workspace.body["kind"] = text_at(body, "kind").empty() ? "Default" : text_at(body, "kind");
        workspace.body["properties"]["provisioningState"] = "Creating";
        create_workspace(site, workspace);
    }
    put.operation = site.operations.start(known ? "workspaces.update" : "workspaces.create",
                                          workspace.id,
                                          workspace.name,
                                          operation_time);
    return put;
}

void Workspaces::add_routes() {
    RouteTable table(site_.router, ml_versions());
    const std::string one(workspace_path);
    table.add(
        "GET",
        std::string(subscription_path) + "/providers/Microsoft.MachineLearningServices/workspaces",
        this,
        &Workspaces::list);
    table.add("GET",
              std::string(group_path) + "/providers/Microsoft.MachineLearningServices/workspaces",
              this,
              &Workspaces::list);
    table.add("GET", one, this, &Workspaces::get);
    table.add("PUT", one, this, &Workspaces::put);
    table.add("PATCH", one, this, &Workspaces::patch);
    table.add("DELETE", one, this, &Workspaces::remove);
    table.add("POST", one + "/listKeys", this, &Workspaces::list_keys);
    add_permissions();
    table.add("GET",
              std::string(location_path) + "/workspaceOperationsStatus/{operation}",
              this,
              &Workspaces::operation_status);
    Route discovery;
    discovery.method = "GET";
    discovery.pattern = "/discovery";
    discovery.surface = Surface::DataPlane;
    discovery.auth = Auth::None;
    discovery.handler = [this](const Request& request) { return discover(request); };
    site_.router.add(std::move(discovery));
    for (const auto* kind : {"workspaces.delete", "workspaces.purge"}) {
        const bool keeps_name = std::string_view(kind) == "workspaces.delete";
        site_.operations.on_end(kind, [this, keeps_name](const Operation& operation) {
            finish_removal(operation.workspace_id, keeps_name);
            return json();
        });
    }
    for (const auto* kind : {"workspaces.create", "workspaces.update"}) {
        site_.operations.on_end(kind, [this](const Operation& operation) {
            if (auto workspace =
                    site_.context.resources.find_workspace_by_id(operation.workspace_id)) {
                workspace->body["properties"]["provisioningState"] = "Succeeded";
                site_.context.resources.put_workspace(*workspace);
            }
            return json();
        });
    }
}

// Everybody may do everything, as an owner. Source: Permissions - List For Resource.
void Workspaces::add_permissions() {
    static const ApiVersions versions{"Microsoft.Authorization",
                                      {"2018-07-01", "2022-04-01", "2022-05-01-preview"}};
    RouteTable table(site_.router, versions);
    table.add("GET",
              std::string(workspace_path) + "/providers/Microsoft.Authorization/permissions",
              [this](const Request& request) {
                  require_workspace(site_, request);
                  const json owner{{"actions", json::array({"*"})},
                                   {"notActions", json::array()},
                                   {"dataActions", json::array()},
                                   {"notDataActions", json::array()}};
                  return page_reply(request, {owner}, std::nullopt);
              });
}

Reply Workspaces::list(const Request& request) {
    require_subscription(site_, request);
    if (!request.param("group").empty()) require_group(site_, request);
    const auto start = skip_position(request);
    const auto limit = page_length(site_, request);
    auto found = site_.context.resources.list_workspaces(request.param("subscription"),
                                                         request.param("group"),
                                                         static_cast<std::size_t>(start),
                                                         limit + 1);
    const bool more = found.size() > limit;
    if (more) found.pop_back();
    const auto& kind = request.query.get("kind");
    std::vector<json> items;
    for (const auto& workspace : found) {
        if (kind.empty() || same_text(kind, text_at(workspace.body, "kind")))
            items.push_back(workspace_json(workspace, request.base_url));
    }
    return page_reply(
        request,
        std::move(items),
        more ? std::optional(start + static_cast<std::int64_t>(limit)) : std::nullopt);
}

Reply Workspaces::get(const Request& request) {
    return Reply::of_json(workspace_json(require_workspace(site_, request), request.base_url));
}

Reply Workspaces::put(const Request& request) {
    const auto group = require_group(site_, request);
    const auto body = request.json_body();
    Transaction transaction(site_.context.store);
    const auto put = put_workspace(site_, request, group, request.param("workspace"), body);
    auto reply = accepted(request, put.workspace, put.operation, put.is_new ? 201 : 200);
    transaction.commit();
    return reply;
}

Reply Workspaces::patch(const Request& request) {
    auto workspace = require_workspace(site_, request);
    const auto body = request.json_body();
    if (body.contains("tags")) workspace.body["tags"] = tags_at(body);
    const auto sent = value_at(body, "properties");
    for (const auto* key : {"description",
                            "friendlyName",
                            "imageBuildCompute",
                            "publicNetworkAccess",
                            "applicationInsights",
                            "containerRegistry"}) {
        if (sent.contains(key)) workspace.body["properties"][key] = sent[key];
    }
    workspace.system_data = system_data(request, workspace.system_data);
    site_.context.resources.put_workspace(workspace);
    return Reply::of_json(workspace_json(workspace, request.base_url));
}

Reply Workspaces::remove(const Request& request) {
    const auto group = require_group(site_, request);
    const bool purges = same_text(request.query.get("forceToPurge"), "true");
    auto& store = site_.context.store;
    auto workspace = site_.context.resources.find_workspace(
        group.subscription, group.name, request.param("workspace"));
    if (!workspace) {
        const auto fact = soft_deleted_fact(to_lower(percent_decode(request.path)));
        if (purges && store.fact(fact)) store.set_fact(fact, "");
        return Reply::empty(204);
    }
    refuse_if_locked(site_, *workspace, workspace->arm_id());
    Transaction transaction(store);
    workspace->body["properties"]["provisioningState"] = "Deleting";
    site_.context.resources.put_workspace(*workspace);
    const auto operation = site_.operations.start(purges ? "workspaces.purge" : "workspaces.delete",
                                                  workspace->id,
                                                  workspace->name,
                                                  operation_time);
    auto reply = accepted(request, *workspace, operation, 202);
    transaction.commit();
    return reply;
}

void Workspaces::finish_removal(const std::string& workspace_id, bool keeps_name) {
    auto& context = site_.context;
    const auto workspace = context.resources.find_workspace_by_id(workspace_id);
    if (!workspace) return;
    if (keeps_name && context.store.fact(soft_delete_fact))
        context.store.set_fact(soft_deleted_fact(to_lower(workspace->arm_id())), "1");
    std::vector<std::string> runs;
    context.store.query("SELECT id FROM runs WHERE workspace_id = ?",
                        {workspace_id},
                        [&](const Row& row) { runs.push_back(row.text(0)); });
    site_.blobs.remove_account(workspace->storage_account);
    context.resources.remove_workspace(workspace_id);
    for (const auto& run : runs) site_.scheduler.run_deleted(workspace_id, run);
}

Reply Workspaces::accepted(const Request& request,
                           const Workspace& workspace,
                           const std::string& operation,
                           int status) {
    auto reply = status == 202
                     ? Reply::empty(202)
                     : Reply::of_json(workspace_json(workspace, request.base_url), status);
    reply.headers.set(
        "Azure-AsyncOperation",
        operation_url(request, workspace, "workspaceOperationsStatus", operation, "&type=async"));
    reply.headers.set(
        "Location",
        operation_url(
            request, workspace, "workspaceOperationsStatus", operation, "&type=location"));
    return reply;
}

Reply Workspaces::operation_status(const Request& request) {
    const auto operation = site_.operations.find(request.param("operation"));
    if (!operation)
        throw provider_error(
            404,
            "NotFound",
            fmt::format("Operation '{}' was not found.", request.param("operation")));
    const bool done = operation->status != "InProgress";
    if (same_text(request.query.get("type"), "location")) {
        if (!done) {
            auto reply = Reply::of_json(json::object(), 202);
            reply.headers.set("Location", request.base_url + request.target);
            return reply;
        }
        const auto workspace =
            site_.context.resources.find_workspace_by_id(operation->workspace_id);
        return workspace ? Reply::of_json(workspace_json(*workspace, request.base_url))
                         : Reply::empty(204);
    }
    json body{{"id", request.path},
              {"name", operation->id},
              {"status", operation->status},
              {"startTime", iso_time(operation->started)}};
    if (done) body["percentComplete"] = 100.0;
    if (!operation->error.is_null()) body["error"] = operation->error;
    return Reply::of_json(body);
}

Reply Workspaces::discover(const Request& request) {
    const auto& base = request.base_url;
    json services;
    for (const auto* name : {"api",
                             "catalog",
                             "experimentation",
                             "gallery",
                             "history",
                             "hyperdrive",
                             "labeling",
                             "modelmanagement",
                             "pipelines",
                             "studio"}) {
        services[name] = base;
    }
    return Reply::of_json(services);
}

Reply Workspaces::list_keys(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    // The member was renamed in 2025-12-01.
    const auto* storage = request.query.get("api-version") >= "2025-12-01"
                              ? "userStorageArmId"
                              : "userStorageResourceId";
    return Reply::of_json({{"userStorageKey", workspace.storage_key},
                           {storage, workspace.body["properties"]["storageAccount"]},
                           {"appInsightsInstrumentationKey", nullptr},
                           {"containerRegistryCredentials", nullptr},
                           {"notebookAccessKeys", nullptr}});
}

}  // namespace aml::emulator
