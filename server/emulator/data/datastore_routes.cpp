#include "data/datastore_routes.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::emulator {

namespace {

constexpr auto type = "datastores";

bool is_default(const Resource& datastore) {
    const auto properties = datastore.body.value("properties", json::object());
    return properties.value("isDefault", json(false)) == json(true);
}

json member_or_null(const json& object, std::string_view name) {
    const auto text = text_at(object, name);
    return text.empty() ? json() : json(text);
}

}  // namespace

DatastoreRoutes::DatastoreRoutes(Context& context, Router& router)
    : context_(context),
      routes_(context, router, "datastore/v1.0", "datastore") {}

void DatastoreRoutes::add_routes() {
    routes_.add("GET", "/datastores", [this](const Workspace& workspace, const Request& request) {
        return list(workspace, request);
    });
    routes_.add(
        "GET", "/datastores/{name}", [this](const Workspace& workspace, const Request& request) {
            return Reply::of_json(
                shown(workspace, find(workspace, request, request.param("name"))));
        });
    routes_.add("GET", "/default", [this](const Workspace& workspace, const Request& request) {
        return get_default(workspace, request);
    });
    routes_.add(
        "PUT", "/default/{name}", [this](const Workspace& workspace, const Request& request) {
            return set_default(workspace, request);
        });
}

json DatastoreRoutes::shown(const Workspace& workspace, const Resource& datastore) {
    const auto properties = datastore.body.value("properties", json::object());
    const auto share = member_or_null(properties, "fileShareName");
    const auto secrets = datastore.body.value("secrets", json());
    auto key = text_at(secrets, "key");
    if (!secrets.is_object() && text_at(properties, "accountName") == workspace.storage_account)
        key = workspace.storage_key;
    if (!key.empty()) note_issued(context_.store, key);
    return {
        {"name", datastore.name},
        {"dataStoreType", member_or_null(properties, "datastoreType")},
        {"hasBeenValidated", true},
        {"tags", properties.value("tags", json::object())},
        {"azureStorageSection",
         {{"accountName", member_or_null(properties, "accountName")},
          {"containerName", share.is_null() ? member_or_null(properties, "containerName") : share},
          {"endpoint", member_or_null(properties, "endpoint")},
          {"protocol", member_or_null(properties, "protocol")},
          {"credentialType", key.empty() ? "None" : "AccountKey"},
          {"credential", key},
          {"accountKey", key},
          {"isSas", false},
          {"sasToken", nullptr},
          {"blobCacheTimeout", nullptr},
          {"clientCredentials", nullptr},
          {"areWorkspaceManagedIdentitiesAllowed", false},
          {"subscriptionId", workspace.subscription},
          {"resourceGroup", workspace.resource_group}}}};
}

Resource DatastoreRoutes::find(const Workspace& workspace,
                               const Request& request,
                               const std::string& name) {
    auto found = context_.resources.find(workspace.id, type, name);
    if (!found) throw routes_.not_found(request, fmt::format("Could not find datastore: {}", name));
    return std::move(*found);
}

Reply DatastoreRoutes::list(const Workspace& workspace, const Request& request) {
    PageRequest page{0, context_.settings.page_size};
    const auto& token = request.query.get("continuationToken");
    page.after = static_cast<std::int64_t>(std::strtoll(token.c_str(), nullptr, 10));
    const auto found = context_.resources.list(workspace.id, type, "", page);
    json body{{"value", json::array()}};
    for (const auto& datastore : found) body["value"].push_back(shown(workspace, datastore));
    if (found.size() == page.limit)
        body["continuationToken"] = std::to_string(found.back().sequence);
    return Reply::of_json(body);
}

Reply DatastoreRoutes::get_default(const Workspace& workspace, const Request& request) {
    PageRequest page;
    for (;;) {
        const auto batch = context_.resources.list(workspace.id, type, "", page);
        for (const auto& datastore : batch) {
            if (is_default(datastore)) return Reply::of_json(shown(workspace, datastore));
        }
        if (batch.size() < page.limit)
            throw routes_.not_found(request, "The workspace has no default datastore.");
        page.after = batch.back().sequence;
    }
}

Reply DatastoreRoutes::set_default(const Workspace& workspace, const Request& request) {
    const auto wanted = find(workspace, request, request.param("name"));
    Transaction transaction(context_.store);
    PageRequest page;
    for (;;) {
        const auto batch = context_.resources.list(workspace.id, type, "", page);
        for (auto datastore : batch) {
            datastore.body["properties"]["isDefault"] = datastore.name == wanted.name;
            context_.resources.put(datastore);
        }
        if (batch.size() < page.limit) break;
        page.after = batch.back().sequence;
    }
    transaction.commit();
    return Reply::empty(200);
}

}  // namespace aml::emulator
