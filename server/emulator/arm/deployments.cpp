#include "arm/deployments.hpp"

#include "arm/locations.hpp"
#include "arm/workspaces.hpp"
#include "core/tenants.hpp"
#include "core/text.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::emulator {
namespace {

// A little longer than a workspace takes.
constexpr std::chrono::milliseconds deployment_time{1700};
constexpr std::string_view workspace_type = "Microsoft.MachineLearningServices/workspaces";
constexpr std::string_view storage_type = "Microsoft.Storage/storageAccounts";
constexpr std::string_view deployment_ends = "deployments.create";

constexpr const char* deployment_table = R"(
CREATE TABLE deployments(
    id TEXT PRIMARY KEY COLLATE NOCASE,
    subscription TEXT NOT NULL,
    resource_group TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    body TEXT NOT NULL);
)";

std::string deployment_id(std::string_view subscription,
                          std::string_view group,
                          std::string_view name) {
    return fmt::format(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Resources/deployments/{}",
        subscription,
        group,
        name);
}

std::string duration_of(const Deployment& deployment, Time now) {
    const auto end = deployment.state == "Running" ? now : deployment.ended;
    return fmt::format("PT{:.3f}S",
                       std::chrono::duration<double>(end - deployment.started).count());
}

/// As Azure wraps the error of a resource, twice.
json deployment_failure(const Deployment& deployment) {
    const auto& failure = deployment.body["failure"];
    const json resource{{"code", "ResourceDeploymentFailure"},
                        {"target", failure["target"]},
                        {"message",
                         "The resource write operation failed to complete successfully, because it "
                         "reached terminal "
                         "provisioning state 'Failed'."},
                        {"details", json::array({failure["error"]})}};
    return {{"code", "DeploymentFailed"},
            {"target", deployment.id()},
            {"message",
             "At least one resource deployment operation failed. Please list deployment operations "
             "for details. Please see https://aka.ms/arm-deployment-operations for usage details."},
            {"details", json::array({resource})}};
}

json deployment_json(const Deployment& deployment, Time now) {
    json properties{{"templateHash", "0"},
                    {"parameters", deployment.body["parameters"]},
                    {"mode", "Incremental"},
                    {"provisioningState", deployment.state},
                    {"timestamp", iso_time(now)},
                    {"duration", duration_of(deployment, now)},
                    {"correlationId", deployment.body["correlationId"]},
                    {"providers", json::array()},
                    {"dependencies", json::array()}};
    if (deployment.state == "Succeeded") {
        auto made = json::array();
        for (const auto& resource : deployment.body["resources"])
            made.push_back({{"id", resource["id"]}});
        properties["outputResources"] = std::move(made);
    }
    if (deployment.state == "Failed") properties["error"] = deployment_failure(deployment);
    return {{"id", deployment.id()},
            {"name", deployment.name},
            {"type", "Microsoft.Resources/deployments"},
            {"properties", std::move(properties)}};
}

/// `{code, message}` of a refusal.
json error_in(const Refused& refused) {
    const auto body = parse_json(std::get<std::string>(refused.reply().body)).value_or(json());
    const auto error = value_at(body, "error");
    return {{"code", text_at(error, "code")}, {"message", text_at(error, "message")}};
}

/// What Azure refuses before anything is made. Throws: Refused.
void check_before(Site& site, const ResourceGroup& group, const TemplateResource& resource) {
    const auto& types = provider_types();
    const bool known = same_text(resource.type, workspace_type) ||
                       std::any_of(types.begin(), types.end(), [&](const std::string& type) {
                           return same_text(type, resource.type);
                       });
    if (!known) {
        throw arm_error(400,
                        "InvalidTemplateDeployment",
                        fmt::format("The resource type '{}' cannot be deployed in this emulator.",
                                    resource.type));
    }
    const auto location = text_at(resource.body, "location");
    if (find_region(location) == nullptr) {
        throw arm_error(400,
                        "LocationNotAvailableForResourceType",
                        fmt::format("The provided location '{}' is not available for resource type "
                                    "'{}'.",
                                    location,
                                    resource.type));
    }
    if (!same_text(resource.type, storage_type)) return;
    const bool fits = resource.name.size() >= 3 && resource.name.size() <= 24 &&
                      std::all_of(resource.name.begin(), resource.name.end(), [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
                      });
    if (!fits) {
        throw arm_error(400,
                        "AccountNameInvalid",
                        fmt::format("{} is not a valid storage account name. Storage account name "
                                    "must be between 3 and 24 characters in length and use numbers "
                                    "and lower-case letters only.",
                                    resource.name));
    }
    const auto other = site.provider_resources.find_named(storage_type, resource.name);
    const bool is_others = other && (!same_text(other->subscription, group.subscription) ||
                                     !same_text(other->group, group.name));
    if (is_others) {
        throw arm_error(
            409,
            "StorageAccountAlreadyTaken",
            fmt::format("The storage account named {} is already taken.", resource.name));
    }
}

}  // namespace

std::string Deployment::id() const {
    return deployment_id(subscription, group, name);
}

Deployments::Deployments(Site& site)
    : site_(site) {
    site_.context.store.migrate("deployments", {deployment_table});
}

void Deployments::add_routes() {
    RouteTable table(site_.router, resources_versions());
    const auto one =
        std::string(group_path) + "/providers/Microsoft.Resources/deployments/{deployment}";
    table.add("PUT", one, this, &Deployments::put);
    table.add("GET", one, this, &Deployments::get);
    table.add("GET", one + "/operationStatuses/{operation}", this, &Deployments::operation_status);
    table.add("GET",
              std::string(group_path) + "/deployments/{deployment}/operations",
              this,
              &Deployments::list_operations);
    for (const auto& type : provider_types()) {
        for (const auto* method : {"GET", "DELETE"}) {
            const bool reads = std::string_view(method) == "GET";
            Route route;
            route.method = method;
            route.pattern = fmt::format("{}/providers/{}/{{name}}", group_path, type);
            route.handler = [this, reads](const Request& request) {
                return reads ? get_resource(request) : remove_resource(request);
            };
            site_.router.add(std::move(route));
        }
    }
    site_.operations.on_end(std::string(deployment_ends), [this](const Operation& operation) {
        return finish(operation.target);
    });
}

Reply Deployments::put(const Request& request) {
    const auto group = require_group(site_, request);
    const auto body = request.json_body();
    const auto properties = value_at(body, "properties");
    const auto& name = request.param("deployment");
    if (!is_name(name, 1, 64, "-_.()"))
        throw arm_error(400,
                        "InvalidDeploymentName",
                        fmt::format("The deployment name '{}' is invalid.", name));
    if (!same_text(text_at(properties, "mode"), "Incremental"))
        throw arm_error(400, "InvalidRequestContent", "The deployment mode must be Incremental.");
    const auto& context = site_.context;
    const TemplateScope scope{
        group.subscription,
        context.tenants.of_subscription(group.subscription, context.identity.tenant_id),
        group.name,
        group.location};
    const auto resources = evaluate_template(properties, scope, context.random);
    for (const auto& resource : resources) check_before(site_, group, resource);
    Deployment deployment{group.subscription, group.name, name, "Running", {}, {}, json::object()};
    const auto known = find(deployment.id());
    if (known && known->state == "Running") {
        throw arm_error(
            409,
            "DeploymentActive",
            fmt::format("Unable to edit or replace deployment '{}': previous deployment "
                        "is still active.",
                        name));
    }
    deployment.started = request.received;
    deployment.body = {{"parameters", value_at(properties, "parameters")},
                       {"correlationId", context.random.uuid()},
                       {"resources", json::array()},
                       {"failure", nullptr}};
    Transaction transaction(context.store);
    deploy(request, group, resources, deployment);
    save(deployment);
    const auto operation = site_.operations.start(
        deployment_ends, group.subscription, deployment.id(), deployment_time);
    auto shown = deployment_json(deployment, request.received);
    shown["properties"]["provisioningState"] = "Accepted";
    auto reply = Reply::of_json(shown, known ? 200 : 201);
    reply.headers.set("Azure-AsyncOperation",
                      fmt::format("{}{}/operationStatuses/{}?api-version={}",
                                  request.base_url,
                                  deployment.id(),
                                  operation,
                                  request.query.get("api-version")));
    transaction.commit();
    return reply;
}

void Deployments::deploy(const Request& request,
                         const ResourceGroup& group,
                         const std::vector<TemplateResource>& resources,
                         Deployment& deployment) {
    for (const auto& resource : resources) {
        deployment.body["resources"].push_back(
            {{"id", resource.id}, {"type", resource.type}, {"name", resource.name}});
        try {
            deploy_one(request, group, resource);
        } catch (const Refused& refused) {
            deployment.body["failure"] = {{"target", resource.id}, {"error", error_in(refused)}};
            return;
        }
    }
}

void Deployments::deploy_one(const Request& request,
                             const ResourceGroup& group,
                             const TemplateResource& resource) {
    if (same_text(resource.type, workspace_type)) {
        put_workspace(site_, request, group, resource.name, resource.body);
        return;
    }
    ProviderResource made{
        group.subscription, group.name, resource.type, resource.name, resource.body};
    const auto& types = provider_types();
    made.type = *std::find_if(types.begin(), types.end(), [&](const std::string& type) {
        return same_text(type, resource.type);
    });
    site_.provider_resources.put(made);
}

json Deployments::finish(std::string_view id) {
    auto deployment = find(id);
    if (!deployment) return nullptr;
    const bool failed = !deployment->body["failure"].is_null();
    deployment->state = failed ? "Failed" : "Succeeded";
    deployment->ended = site_.context.clock.now();
    save(*deployment);
    return failed ? deployment_failure(*deployment) : json();
}

Reply Deployments::get(const Request& request) {
    return Reply::of_json(deployment_json(require(request), request.received));
}

Reply Deployments::list_operations(const Request& request) {
    const auto deployment = require(request);
    const auto failure = deployment.body["failure"];
    std::vector<json> items;
    for (const auto& resource : deployment.body["resources"]) {
        const bool is_last = items.size() + 1 == deployment.body["resources"].size();
        const bool failed = is_last && !failure.is_null();
        const auto state = deployment.state == "Running" && is_last ? "Running"
                           : failed                                 ? "Failed"
                                                                    : "Succeeded";
        const auto operation = fmt::format("{:016X}", items.size() + 1);
        json properties{{"provisioningOperation", "Create"},
                        {"provisioningState", state},
                        {"timestamp", iso_time(request.received)},
                        {"duration", duration_of(deployment, request.received)},
                        {"serviceRequestId", deployment.body["correlationId"]},
                        {"statusCode", failed ? "BadRequest" : "OK"},
                        {"targetResource",
                         {{"id", resource["id"]},
                          {"resourceType", resource["type"]},
                          {"resourceName", resource["name"]}}}};
        if (failed && deployment.state != "Running")
            properties["statusMessage"] = {{"status", "Failed"}, {"error", failure["error"]}};
        items.push_back({{"id", fmt::format("{}/operations/{}", deployment.id(), operation)},
                         {"operationId", operation},
                         {"properties", std::move(properties)}});
    }
    return page_reply(request, std::move(items), std::nullopt);
}

Reply Deployments::operation_status(const Request& request) {
    require_group(site_, request);
    const auto operation = site_.operations.find(request.param("operation"));
    if (!operation)
        throw arm_error(404, "OperationNotFound", "The deployment operation could not be found.");
    const bool done = operation->status != "InProgress";
    json body{{"status", done ? operation->status : "Running"}};
    if (!operation->error.is_null()) body["error"] = operation->error;
    return Reply::of_json(body);
}

Reply Deployments::get_resource(const Request& request) {
    require_group(site_, request);
    const auto found = site_.provider_resources.find(percent_decode(request.path));
    if (!found)
        throw arm_error(404,
                        "ResourceNotFound",
                        fmt::format("The Resource '{}' was not found.", request.param("name")));
    return Reply::of_json(resource_json(*found));
}

Reply Deployments::remove_resource(const Request& request) {
    require_group(site_, request);
    const bool removed = site_.provider_resources.remove(percent_decode(request.path));
    return Reply::empty(removed ? 200 : 204);
}

Deployment Deployments::require(const Request& request) {
    const auto group = require_group(site_, request);
    const auto& name = request.param("deployment");
    auto found = find(deployment_id(group.subscription, group.name, name));
    if (!found)
        throw arm_error(
            404, "DeploymentNotFound", fmt::format("Deployment '{}' could not be found.", name));
    return std::move(*found);
}

std::optional<Deployment> Deployments::find(std::string_view id) {
    std::optional<Deployment> found;
    site_.context.store.query(
        "SELECT subscription, resource_group, name, state, started, ended, body FROM deployments "
        "WHERE id = ?",
        {std::string(id)},
        [&](const Row& row) {
            found = Deployment{row.text(0),
                               row.text(1),
                               row.text(2),
                               row.text(3),
                               from_millis(row.integer(4)),
                               from_millis(row.integer(5)),
                               json::parse(row.text(6))};
        });
    return found;
}

void Deployments::save(const Deployment& deployment) {
    site_.context.store.execute(
        "INSERT INTO deployments(id, subscription, resource_group, name, state, started, ended, "
        "body) VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET state = "
        "excluded.state, started = excluded.started, ended = excluded.ended, body = excluded.body",
        {deployment.id(),
         deployment.subscription,
         deployment.group,
         deployment.name,
         deployment.state,
         to_millis(deployment.started),
         to_millis(deployment.ended),
         deployment.body.dump()});
}

}  // namespace aml::emulator
