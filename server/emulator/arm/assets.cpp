#include "arm/assets.hpp"

#include "core/text.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::emulator {
namespace {

Refused asset_not_found(const Request& request, const std::string& what, std::string_view name) {
    return ml_error(request,
                    404,
                    "UserError",
                    fmt::format("Requested {} {} was not found.", what, name),
                    {"NotFound", "NotFoundError"});
}

/// A resource as it is answered: a container is not anonymous itself, and data are not provisioned.
json answered(const Workspace& workspace, const Resource& resource) {
    auto shown = resource_json(workspace, resource);
    auto& properties = shown["properties"];
    if (resource.version.empty()) properties.erase("isAnonymous");
    if (resource.type == "data" || resource.type == "data/versions")
        properties.erase("provisioningState");
    return shown;
}

/// `listViewType`; anonymous versions and containers that hold nothing else are never listed.
bool is_listed(const Request& request, const Resource& resource) {
    const auto& properties = resource.body["properties"];
    if (properties.value("isAnonymous", json(false)) == true) return false;
    const bool archived = properties.value("isArchived", json(false)) == true;
    const auto& view = request.query.get("listViewType");
    return same_text(view, "All") || (same_text(view, "ArchivedOnly") ? archived : !archived);
}

/// Matches `hash` of code lists against the hash a version was registered with.
bool has_hash(const Request& request, const Resource& resource) {
    const auto& hash = request.query.get("hash");
    if (hash.empty()) return true;
    const auto known = value_at(resource.body["properties"], "properties");
    const auto& version = request.query.get("hashVersion");
    return same_text(text_at(known, "hash_sha256"), hash) &&
           (version.empty() || text_at(known, "hash_version") == version);
}

/// Makes an all-text map or null of a member; anything else is refused.
void make_texts(const Request& request, json& properties, const char* key) {
    const auto value = properties.find(key);
    if (value == properties.end() || as_texts(*value)) return;
    throw bad_argument(request, fmt::format("'{}' must be an object of texts.", key));
}

}  // namespace

void Assets::add_routes() {
    RouteTable table(site_.router, ml_versions());
    const auto all = fmt::format("{}/{}", workspace_path, kind_.collection);
    table.add("GET", all, this, &Assets::list_containers);
    table.add("GET", all + "/{name}", this, &Assets::get_container);
    table.add("PUT", all + "/{name}", this, &Assets::put_container);
    table.add("DELETE", all + "/{name}", this, &Assets::remove_container);
    table.add("GET", all + "/{name}/versions", this, &Assets::list_versions);
    table.add("GET", all + "/{name}/versions/{version}", this, &Assets::get_version);
    table.add("PUT", all + "/{name}/versions/{version}", this, &Assets::put_version);
    table.add("DELETE", all + "/{name}/versions/{version}", this, &Assets::remove_version);
}

Reply Assets::list(const Request& request,
                   const std::string& type,
                   const std::string& name,
                   bool newest_first) {
    const auto workspace = require_workspace(site_, request);
    const auto limit = page_length(site_, request);
    auto& resources = site_.context.resources;
    PageRequest page{skip_position(request), limit};
    std::vector<json> items;
    for (;;) {
        const auto batch = newest_first
                               ? resources.list_newest_first(workspace.id, type, name, page)
                               : resources.list(workspace.id, type, name, page);
        for (const auto& resource : batch) {
            page.after = resource.sequence;
            // A code is asked for by its hash, also under the name of an anonymous upload.
            const bool wanted = request.query.has("hash") ? has_hash(request, resource)
                                                          : is_listed(request, resource);
            if (wanted) items.push_back(answered(workspace, resource));
            if (items.size() == limit) return page_reply(request, std::move(items), page.after);
        }
        if (batch.size() < limit) return page_reply(request, std::move(items), std::nullopt);
    }
}

Reply Assets::list_containers(const Request& request) {
    return list(request, kind_.collection, "", false);
}

Reply Assets::list_versions(const Request& request) {
    // A hash finds its version under any name: that is what makes uploads shareable.
    const bool by_hash = request.query.has("hash");
    return list(request, version_type(), by_hash ? std::string() : request.param("name"), true);
}

Resource Assets::require_container(const Workspace& workspace, const Request& request) {
    auto found =
        site_.context.resources.find(workspace.id, kind_.collection, request.param("name"));
    if (!found) throw asset_not_found(request, kind_.collection, request.param("name"));
    return *found;
}

Reply Assets::get_container(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    return Reply::of_json(answered(workspace, require_container(workspace, request)));
}

Reply Assets::put_container(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto& name = request.param("name");
    if (!is_name(name, 1, 255, "-_.")) {
        throw bad_argument(
            request,
            fmt::format("The name '{}' is invalid: letters, digits, hyphens, underscores and dots.",
                        name));
    }
    auto sent = value_at(request.json_body(), "properties");
    make_texts(request, sent, "tags");
    make_texts(request, sent, "properties");
    Resource container;
    if (auto known = site_.context.resources.find(workspace.id, kind_.collection, name)) {
        container = std::move(*known);
    } else {
        container.workspace_id = workspace.id;
        container.type = kind_.collection;
        container.name = name;
        container.body = {{"properties",
                           {{"description", nullptr},
                            {"tags", json::object()},
                            {"properties", json::object()},
                            {"isArchived", false},
                            {"latestVersion", nullptr},
                            {"nextVersion", "1"},
                            {"provisioningState", "Succeeded"}}}};
    }
    for (const auto* key : {"description", "tags", "properties", "isArchived", "dataType"}) {
        if (!value_at(sent, key).is_null()) container.body["properties"][key] = sent[key];
    }
    container.system_data = system_data(request, container.system_data);
    const bool is_new = site_.context.resources.put(container);
    return Reply::of_json(answered(workspace, container), is_new ? 201 : 200);
}

Reply Assets::get_version(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto found = site_.context.resources.find(
        workspace.id, version_type(), request.param("name"), request.param("version"));
    if (!found)
        throw asset_not_found(
            request,
            kind_.collection,
            fmt::format("{}:{}", request.param("name"), request.param("version")));
    return Reply::of_json(answered(workspace, *found));
}

Reply Assets::put_version(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    for (const auto* part : {"name", "version"}) {
        if (!is_name(request.param(part), 1, 255, "-_.")) {
            throw bad_argument(request,
                               fmt::format("The {} '{}' is invalid: letters, digits, hyphens, "
                                           "underscores and dots, starting with a letter or digit.",
                                           part,
                                           request.param(part)));
        }
    }
    auto sent = value_at(request.json_body(), "properties");
    if (!sent.is_object()) throw bad_argument(request, "'properties' is required.");
    make_texts(request, sent, "tags");
    make_texts(request, sent, "properties");
    Transaction transaction(site_.context.store);
    const auto known = site_.context.resources.find(
        workspace.id, version_type(), request.param("name"), request.param("version"));
    Resource version;
    version.workspace_id = workspace.id;
    version.type = version_type();
    version.name = known ? known->name : request.param("name");
    version.version = known ? known->version : request.param("version");
    version.system_data = system_data(request, known ? known->system_data : json());
    if (kind_.settle != nullptr) kind_.settle(site_, workspace, request, sent);
    auto properties =
        kind_.complete(request, std::move(sent), known ? known->body["properties"] : json());
    for (const auto* key : {"tags", "properties"}) {
        if (value_at(properties, key).is_null()) properties[key] = json::object();
    }
    for (const auto* key : {"isArchived", "isAnonymous"})
        properties[key] = properties.value(key, json(false)) == true;
    properties["provisioningState"] = "Succeeded";
    version.body = {{"properties", std::move(properties)}};
    const bool is_new = site_.context.resources.put(version);
    note_version(request, workspace, version);
    transaction.commit();
    return Reply::of_json(answered(workspace, version), is_new || kind_.always_created ? 201 : 200);
}

void Assets::note_version(const Request& request,
                          const Workspace& workspace,
                          const Resource& version) {
    auto& resources = site_.context.resources;
    auto container = resources.find(workspace.id, kind_.collection, version.name);
    if (!container) {
        container = Resource();
        container->workspace_id = workspace.id;
        container->type = kind_.collection;
        container->name = version.name;
        container->system_data = system_data(request);
        container->body = {{"properties",
                            {{"description", nullptr},
                             {"tags", json::object()},
                             {"properties", json::object()},
                             {"isArchived", false},
                             {"isAnonymous", version.body["properties"]["isAnonymous"]},
                             {"provisioningState", "Succeeded"}}}};
    }
    auto& properties = container->body["properties"];
    if (version.body["properties"]["isAnonymous"] == false) properties["isAnonymous"] = false;
    if (const auto type = value_at(version.body["properties"], "dataType"); !type.is_null())
        properties["dataType"] = type;
    std::int64_t highest = 0;
    const auto newest =
        resources.list_newest_first(workspace.id, version_type(), version.name, {0, 1000});
    for (const auto& other : newest)
        highest = std::max(highest, to_number(other.version).value_or(0));
    properties["latestVersion"] = newest.front().version;
    properties["nextVersion"] = std::to_string(highest + 1);
    resources.put(*container);
}

Reply Assets::remove_version(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    auto& resources = site_.context.resources;
    Transaction transaction(site_.context.store);
    const bool removed = resources.remove(
        workspace.id, version_type(), request.param("name"), request.param("version"));
    const auto newest =
        resources.list_newest_first(workspace.id, version_type(), request.param("name"), {0, 1});
    if (removed && newest.empty()) {
        resources.remove(workspace.id, kind_.collection, request.param("name"));
    } else if (removed) {
        note_version(request, workspace, newest.front());
    }
    transaction.commit();
    return Reply::empty(removed ? 200 : 204);
}

Reply Assets::remove_container(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    auto& resources = site_.context.resources;
    Transaction transaction(site_.context.store);
    const bool removed = resources.remove(workspace.id, kind_.collection, request.param("name"));
    for (const auto& version :
         resources.list(workspace.id, version_type(), request.param("name"), {0, 100'000})) {
        resources.remove(workspace.id, version_type(), version.name, version.version);
    }
    transaction.commit();
    return Reply::empty(removed ? 200 : 204);
}

}  // namespace aml::emulator
