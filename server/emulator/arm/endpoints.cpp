#include "arm/endpoints.hpp"

#include "core/text.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

namespace aml::emulator {
namespace {

Refused endpoint_not_found(const Request& request, const std::string& collection) {
    return ml_error(request,
                    404,
                    "UserError",
                    fmt::format("{} {} was not found.", collection, request.param("name")),
                    {"NotFound", "NotFoundError"});
}

json complete(const Request& request,
              const Workspace& workspace,
              const std::string& collection,
              json properties) {
    const auto& name = request.param("name");
    if (collection == "onlineEndpoints") {
        const auto mode = text_at(properties, "authMode");
        if (!same_text(mode, "Key") && !same_text(mode, "AMLToken") &&
            !same_text(mode, "AADToken")) {
            throw bad_argument(request, "'authMode' must be Key, AMLToken or AADToken.");
        }
        properties["scoringUri"] =
            fmt::format("https://{}.{}.inference.ml.azure.com/score", name, workspace.location);
        properties["swaggerUri"] = fmt::format(
            "https://{}.{}.inference.ml.azure.com/swagger.json", name, workspace.location);
        for (const auto* key : {"traffic", "mirrorTraffic"}) {
            if (value_at(properties, key).is_null()) properties[key] = json::object();
        }
        if (!properties.contains("compute")) properties["compute"] = nullptr;
    } else if (collection == "batchEndpoints") {
        properties["scoringUri"] =
            fmt::format("https://{}.{}.inference.ml.azure.com/jobs", name, workspace.location);
        if (!properties.contains("defaults"))
            properties["defaults"] = {{"deploymentName", nullptr}};
    }
    properties["provisioningState"] = "Creating";
    return properties;
}

void check_endpoint(const Request& request, const json& body) {
    const auto& name = request.param("name");
    if (!is_name(name, 3, 32, "-")) {
        throw bad_argument(
            request,
            fmt::format("The name '{}' is invalid: 3 to 32 letters, digits and hyphens, "
                        "starting with a letter or digit.",
                        name));
    }
    if (!value_at(body, "properties").is_object())
        throw bad_argument(request, "'properties' is required.");
}

}  // namespace

void Endpoints::add_routes() {
    for (const auto* collection : {"onlineEndpoints", "batchEndpoints", "schedules"})
        add_collection(collection);
    RouteTable table(site_.router, ml_versions());
    for (const auto* collection : {"onlineEndpoints", "batchEndpoints"}) {
        table.add("GET",
                  fmt::format("{}/{}/{{name}}/deployments", workspace_path, collection),
                  [this, collection](const Request& request) {
                      get(request, collection);
                      return page_reply(request, {}, std::nullopt);
                  });
    }
    table.add("GET",
              std::string(location_path) + "/mfeOperationsStatus/{operation}",
              [this](const Request& request) { return operation_status(request); });
}

void Endpoints::add_collection(const std::string& collection) {
    RouteTable table(site_.router, ml_versions());
    const auto all = fmt::format("{}/{}", workspace_path, collection);
    table.add("GET", all, [this, collection](const Request& request) {
        return list(request, collection);
    });
    table.add("GET", all + "/{name}", [this, collection](const Request& request) {
        return get(request, collection);
    });
    table.add("PUT", all + "/{name}", [this, collection](const Request& request) {
        return put(request, collection);
    });
    table.add("DELETE", all + "/{name}", [this, collection](const Request& request) {
        return remove(request, collection);
    });
    site_.operations.on_end(collection + ".put", [this, collection](const Operation& operation) {
        if (auto found = site_.context.resources.find(
                operation.workspace_id, collection, operation.target)) {
            found->body["properties"]["provisioningState"] = "Succeeded";
            site_.context.resources.put(*found);
        }
        return json();
    });
}

Reply Endpoints::list(const Request& request, const std::string& collection) {
    const auto workspace = require_workspace(site_, request);
    const auto limit = page_length(site_, request);
    auto found = site_.context.resources.list(
        workspace.id, collection, "", {skip_position(request), limit + 1});
    const bool more = found.size() > limit;
    if (more) found.pop_back();
    std::vector<json> items;
    for (const auto& resource : found) items.push_back(resource_json(workspace, resource));
    return page_reply(
        request, std::move(items), more ? std::optional(found.back().sequence) : std::nullopt);
}

Reply Endpoints::get(const Request& request, const std::string& collection) {
    const auto workspace = require_workspace(site_, request);
    const auto found =
        site_.context.resources.find(workspace.id, collection, request.param("name"));
    if (!found) throw endpoint_not_found(request, collection);
    return Reply::of_json(resource_json(workspace, *found));
}

Reply Endpoints::put(const Request& request, const std::string& collection) {
    const auto workspace = require_workspace(site_, request);
    const auto& name = request.param("name");
    const auto body = request.json_body();
    check_endpoint(request, body);
    const auto known = site_.context.resources.find(workspace.id, collection, name);
    Resource resource;
    resource.workspace_id = workspace.id;
    resource.type = collection;
    resource.name = name;
    resource.system_data = system_data(request, known ? known->system_data : json());
    if (collection != "schedules") {
        resource.body = {{"location", workspace.location},
                         {"kind", value_at(body, "kind")},
                         {"tags", tags_at(body)},
                         {"identity", value_at(body, "identity")}};
    }
    resource.body["properties"] = complete(request, workspace, collection, body["properties"]);
    Transaction transaction(site_.context.store);
    site_.context.resources.put(resource);
    const auto operation =
        site_.operations.start(collection + ".put", workspace.id, name, creation_time);
    transaction.commit();
    auto reply = Reply::of_json(resource_json(workspace, resource), known ? 200 : 201);
    reply.headers.set("Azure-AsyncOperation",
                      operation_url(request,
                                    workspace,
                                    "mfeOperationsStatus",
                                    fmt::format("oe:{}:{}", workspace.id, operation)));
    reply.headers.set("Location",
                      fmt::format("{}{}?api-version={}",
                                  request.base_url,
                                  resource_id(workspace, resource),
                                  request.query.get("api-version")));
    reply.headers.set("x-ms-async-operation-timeout", "PT30M");
    return reply;
}

Reply Endpoints::remove(const Request& request, const std::string& collection) {
    const auto workspace = require_workspace(site_, request);
    return Reply::empty(
        site_.context.resources.remove(workspace.id, collection, request.param("name")) ? 200
                                                                                        : 204);
}

Reply Endpoints::operation_status(const Request& request) {
    const auto& id = request.param("operation");
    const auto operation = site_.operations.find(id.substr(id.rfind(':') + 1));
    if (!operation)
        throw ml_error(request,
                       404,
                       "UserError",
                       fmt::format("Operation {} not found.", id),
                       {"NotFound", "NotFoundError"});
    json body{{"status", operation->status}};
    if (operation->status != "InProgress") body["percentComplete"] = 100.0;
    return Reply::of_json(body);
}

}  // namespace aml::emulator
