#include "arm/storage.hpp"

#include "core/digest.hpp"
#include "core/text.hpp"
#include "core/tokens.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aml::emulator {
namespace {

constexpr std::chrono::hours upload_lifetime{8};

bool is_default(const Resource& datastore) {
    return datastore.body["properties"].value("isDefault", json(false)) == true;
}

bool is_wanted_datastore(const Request& request, const Resource& datastore) {
    const auto& only_default = request.query.get("isDefault");
    if (!only_default.empty() && same_text(only_default, "true") != is_default(datastore))
        return false;
    const auto& search = request.query.get("searchText");
    if (!search.empty() && to_lower(datastore.name).find(to_lower(search)) == std::string::npos)
        return false;
    const auto& names = request.query.get("names");
    return names.empty() ||
           fmt::format(",{},", to_lower(names))
                   .find(fmt::format(",{},", to_lower(datastore.name))) != std::string::npos;
}

/// A datastore as it is shown: without its secret.
json datastore_json(const Workspace& workspace, const Resource& datastore) {
    auto shown = resource_json(workspace, datastore);
    shown.erase("secrets");
    return shown;
}

}  // namespace

void StorageRoutes::add_routes() {
    RouteTable table(site_.router, ml_versions());
    const auto all = std::string(workspace_path) + "/datastores";
    table.add("GET", all, this, &StorageRoutes::list);
    table.add("GET", all + "/{datastore}", this, &StorageRoutes::get);
    table.add("PUT", all + "/{datastore}", this, &StorageRoutes::put);
    table.add("DELETE", all + "/{datastore}", this, &StorageRoutes::remove);
    table.add("POST", all + "/{datastore}/listSecrets", this, &StorageRoutes::list_secrets);
    table.add("POST",
              std::string(workspace_path) + "/codes/{name}/versions/{version}/startPendingUpload",
              this,
              &StorageRoutes::start_pending_upload);
}

Resource StorageRoutes::require(const Workspace& workspace, const Request& request) {
    auto found =
        site_.context.resources.find(workspace.id, "datastores", request.param("datastore"));
    if (!found) {
        throw ml_error(request,
                       404,
                       "UserError",
                       fmt::format("Could not find datastore: {}", request.param("datastore")),
                       {"NotFound", "NotFoundError"});
    }
    return *found;
}

Reply StorageRoutes::list(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto limit = page_length(site_, request);
    auto after = skip_position(request);
    std::vector<json> items;
    for (;;) {
        const auto batch =
            site_.context.resources.list(workspace.id, "datastores", "", {after, limit});
        for (const auto& datastore : batch) {
            after = datastore.sequence;
            if (is_wanted_datastore(request, datastore))
                items.push_back(datastore_json(workspace, datastore));
            if (items.size() == limit) return page_reply(request, std::move(items), after);
        }
        if (batch.size() < limit) return page_reply(request, std::move(items), std::nullopt);
    }
}

Reply StorageRoutes::get(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    return Reply::of_json(datastore_json(workspace, require(workspace, request)));
}

Reply StorageRoutes::put(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto& name = request.param("datastore");
    if (!is_name(name, 1, 255, "-_"))
        throw bad_argument(request, fmt::format("The datastore name '{}' is invalid.", name));
    auto sent = value_at(request.json_body(), "properties");
    constexpr std::array<std::string_view, 5> types{
        "AzureBlob", "AzureFile", "AzureDataLakeGen1", "AzureDataLakeGen2", "OneLake"};
    const auto type = text_at(sent, "datastoreType");
    if (std::none_of(types.begin(), types.end(), [&](std::string_view known) {
            return same_text(known, type);
        })) {
        throw bad_argument(
            request, fmt::format("'datastoreType' must be one of {}.", fmt::join(types, ", ")));
    }
    const auto credentials = text_at(value_at(sent, "credentials"), "credentialsType");
    if (credentials.empty())
        throw bad_argument(request, "'credentials' with a 'credentialsType' is required.");
    Resource datastore;
    datastore.workspace_id = workspace.id;
    datastore.type = "datastores";
    datastore.name = name;
    const auto known = site_.context.resources.find(workspace.id, "datastores", name);
    datastore.system_data = system_data(request, known ? known->system_data : json());
    // The secret itself is kept apart from what is shown.
    datastore.body["secrets"] = value_at(sent["credentials"], "secrets");
    sent["credentials"] = {{"credentialsType", credentials}};
    sent["isDefault"] = known && is_default(*known);
    if (value_at(sent, "tags").is_null()) sent["tags"] = json::object();
    datastore.body["properties"] = std::move(sent);
    const bool is_new = site_.context.resources.put(datastore);
    return Reply::of_json(datastore_json(workspace, datastore), is_new ? 201 : 200);
}

Reply StorageRoutes::remove(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto found =
        site_.context.resources.find(workspace.id, "datastores", request.param("datastore"));
    if (found && is_default(*found))
        throw bad_argument(request, "The default datastore cannot be deleted.");
    return Reply::empty(
        found && site_.context.resources.remove(workspace.id, "datastores", found->name) ? 200
                                                                                         : 204);
}

Reply StorageRoutes::list_secrets(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto datastore = require(workspace, request);
    const auto& properties = datastore.body["properties"];
    const auto kept = value_at(datastore.body, "secrets");
    if (kept.is_object()) return Reply::of_json(kept);
    if (text_at(properties["credentials"], "credentialsType") == "None") {
        throw bad_argument(
            request,
            fmt::format(
                "Datastore {} has no credentials: use a token for https://storage.azure.com.",
                datastore.name));
    }
    const auto options = request.body.empty() ? json::object() : request.json_body();
    const auto container = text_at(properties, "containerName");
    // A short-lived signature instead of the key, since 2025-12-01. Not for the store of artifacts:
    // Microsoft's Python client signs the addresses of logs with what it gets here.
    const bool expirable = options.value("expirableSecret", json(false)) == true;
    if (expirable && !container.empty() && datastore.name != "workspaceartifactstore") {
        const auto hours = options.value("expireAfterHours", json(1));
        if (!hours.is_number_integer() || hours < 1 || hours > 24 * 7)
            throw bad_argument(request, "'expireAfterHours' must be a whole number from 1 to 168.");
        const auto sas = site_.blobs.container_sas(
            workspace.storage_account, container, "racwdl", std::chrono::hours(hours.get<int>()));
        return Reply::of_json({{"secretsType", "Sas"}, {"sasToken", sas}});
    }
    note_issued(site_.context.store, workspace.storage_key);
    return Reply::of_json({{"secretsType", "AccountKey"}, {"key", workspace.storage_key}});
}

Reply StorageRoutes::start_pending_upload(const Request& request) {
    const auto workspace = require_workspace(site_, request);
    const auto options = request.body.empty() ? json::object() : request.json_body();
    const auto type = text_at(options, "pendingUploadType");
    if (!type.empty() && !same_text(type, "TemporaryBlobReference") && !same_text(type, "None")) {
        throw bad_argument(request, "'pendingUploadType' must be TemporaryBlobReference or None.");
    }
    if (!is_name(request.param("name"), 1, 255, "-_.") ||
        !is_name(request.param("version"), 1, 255, "-_.")) {
        throw bad_argument(request, "The name or version of the code asset is invalid.");
    }
    const auto container = fmt::format("{}-{}", workspace.id.substr(0, 8), hex(random_bytes(16)));
    site_.blobs.ensure_container(workspace.storage_account, container);
    const auto url = fmt::format(
        "{}/{}", site_.blobs.account_url(request.base_url, workspace.storage_account), container);
    const auto sas =
        site_.blobs.container_sas(workspace.storage_account, container, "rcwl", upload_lifetime);
    return Reply::of_json(
        {{"pendingUploadId", nullptr},
         {"pendingUploadType", "None"},
         {"blobReferenceForConsumption",
          {{"blobUri", url},
           {"storageAccountArmId", workspace.body["properties"]["storageAccount"]},
           {"credential",
            {{"credentialType", "SAS"}, {"sasUri", fmt::format("{}?{}", url, sas)}}}}}});
}

}  // namespace aml::emulator
