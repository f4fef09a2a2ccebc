#include "core/resources.hpp"

#include "core/json.hpp"

#include <fmt/format.h>

#include <limits>
#include <optional>
#include <string>

namespace aml::emulator {
namespace {

constexpr const char* resource_tables = R"(
CREATE TABLE workspaces(
    id TEXT PRIMARY KEY COLLATE NOCASE,
    subscription TEXT NOT NULL COLLATE NOCASE,
    resource_group TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL COLLATE NOCASE,
    location TEXT NOT NULL,
    storage_account TEXT NOT NULL,
    storage_key TEXT NOT NULL,
    body TEXT NOT NULL,
    system_data TEXT NOT NULL,
    UNIQUE(subscription, resource_group, name));
CREATE INDEX workspaces_by_name ON workspaces(subscription, name, resource_group);
CREATE TABLE resources(
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id TEXT NOT NULL COLLATE NOCASE REFERENCES workspaces(id) ON DELETE CASCADE,
    type TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL COLLATE NOCASE,
    version TEXT NOT NULL COLLATE NOCASE,
    body TEXT NOT NULL,
    system_data TEXT NOT NULL,
    UNIQUE(workspace_id, type, name, version));
CREATE INDEX resources_in_order ON resources(workspace_id, type, sequence);
)";

constexpr const char* version_order = R"(
CREATE INDEX resources_of_name_in_order ON resources(workspace_id, type, name, sequence);
)";

constexpr std::string_view workspace_columns =
    "SELECT id, subscription, resource_group, name, location, storage_account, storage_key, body, "
    "system_data FROM workspaces";

constexpr std::string_view resource_columns =
    "SELECT sequence, workspace_id, type, name, version, body, system_data FROM resources";

/// Where the emulator was reached before. States of a time when it was not noted tell it by their
/// datastores.
std::optional<std::string> last_address(Store& store) {
    if (auto noted = store.fact("base_url")) return noted;
    std::optional<std::string> address;
    store.query("SELECT body FROM resources WHERE type = 'datastores' ORDER BY sequence LIMIT 1",
                {},
                [&](const Row& row) {
                    const auto body = json::parse(row.text(0));
                    const auto properties = body.value("properties", json::object());
                    const auto endpoint = text_at(properties, "endpoint");
                    if (!endpoint.starts_with("core.localhost:")) return;
                    address = fmt::format("{}://127.0.0.1{}",
                                          text_at(properties, "protocol"),
                                          endpoint.substr(endpoint.rfind(':')));
                });
    return address;
}

/// In the bodies of all resources, where an address ends: port 80 is not the beginning of 8080.
void replace_addresses(Store& store, const std::string& before, const std::string& now) {
    for (const auto* end : {"/", "\"", "?"}) {
        store.execute("UPDATE resources SET body = replace(body, ?, ?) WHERE instr(body, ?) > 0",
                      {before + end, now + end, before + end});
    }
}

Workspace read_workspace(const Row& row) {
    Workspace workspace;
    workspace.id = row.text(0);
    workspace.subscription = row.text(1);
    workspace.resource_group = row.text(2);
    workspace.name = row.text(3);
    workspace.location = row.text(4);
    workspace.storage_account = row.text(5);
    workspace.storage_key = row.text(6);
    workspace.body = json::parse(row.text(7));
    workspace.system_data = json::parse(row.text(8));
    return workspace;
}

Resource read_resource(const Row& row) {
    Resource resource;
    resource.sequence = row.integer(0);
    resource.workspace_id = row.text(1);
    resource.type = row.text(2);
    resource.name = row.text(3);
    resource.version = row.text(4);
    resource.body = json::parse(row.text(5));
    resource.system_data = json::parse(row.text(6));
    return resource;
}

std::vector<Workspace> select_workspaces(Store& store,
                                         std::string_view rest,
                                         const std::vector<Value>& values) {
    std::vector<Workspace> found;
    store.query(fmt::format("{} {}", workspace_columns, rest), values, [&](const Row& row) {
        found.push_back(read_workspace(row));
    });
    return found;
}

std::vector<Resource> select_resources(Store& store,
                                       std::string_view rest,
                                       const std::vector<Value>& values) {
    std::vector<Resource> found;
    store.query(fmt::format("{} {}", resource_columns, rest), values, [&](const Row& row) {
        found.push_back(read_resource(row));
    });
    return found;
}

struct ChildrenOf {
    std::string_view workspace_id;
    std::string_view type;
    /// "" for any.
    std::string_view name;
};

/// `order` has one place for a value, which is `position`.
std::vector<Resource> select_children(Store& store,
                                      const ChildrenOf& of,
                                      std::string_view order,
                                      std::int64_t position,
                                      const PageRequest& page) {
    std::vector<Value> values{std::string(of.workspace_id), std::string(of.type)};
    if (!of.name.empty()) values.emplace_back(std::string(of.name));
    values.emplace_back(position);
    values.emplace_back(static_cast<std::int64_t>(page.limit));
    const auto* named = of.name.empty() ? "" : "AND name = ? ";
    return select_resources(
        store,
        fmt::format("WHERE workspace_id = ? AND type = ? {}AND {} LIMIT ?", named, order),
        values);
}

}  // namespace

std::int64_t PageRequest::before() const {
    return after == 0 ? std::numeric_limits<std::int64_t>::max() : after;
}

std::string Workspace::arm_id() const {
    return fmt::format(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.MachineLearningServices/"
        "workspaces/{}",
        subscription,
        resource_group,
        name);
}

std::string Workspace::blobstore_container() const {
    return fmt::format("azureml-blobstore-{}", id);
}

ResourceStore::ResourceStore(Store& store)
    : store_(store) {
    store_.migrate("resources", {resource_tables, version_order});
}

void ResourceStore::use_address(const std::string& base_url) {
    const auto before = last_address(store_);
    if (before == base_url) return;
    Transaction transaction(store_);
    if (before) {
        replace_addresses(store_, *before, base_url);
        // Storage accounts are hosts below a suffix.
        const auto suffix = [](const std::string& url) {
            return "core.localhost" + url.substr(url.rfind(':'));
        };
        const auto protocol = [](const std::string& url) {
            return fmt::format("\"protocol\":\"{}\"", url.substr(0, url.find(':')));
        };
        store_.execute(
            "UPDATE resources SET body = replace(body, ?, ?) WHERE type = 'datastores' AND "
            "instr(body, ?) > 0",
            {protocol(*before), protocol(base_url), fmt::format("\"{}\"", suffix(*before))});
        replace_addresses(store_, suffix(*before), suffix(base_url));
    }
    store_.set_fact("base_url", base_url);
    transaction.commit();
}

std::optional<Workspace> ResourceStore::find_workspace(std::string_view subscription,
                                                       std::string_view group,
                                                       std::string_view name) {
    return first_found(
        select_workspaces(store_,
                          "WHERE subscription = ? AND resource_group = ? AND name = ?",
                          {std::string(subscription), std::string(group), std::string(name)}));
}

std::optional<Workspace> ResourceStore::find_workspace_by_id(std::string_view id) {
    return first_found(select_workspaces(store_, "WHERE id = ?", {std::string(id)}));
}

std::vector<Workspace> ResourceStore::list_workspaces(std::string_view subscription,
                                                      std::string_view group,
                                                      std::size_t offset,
                                                      std::size_t limit) {
    const auto skip = static_cast<std::int64_t>(offset);
    const auto take = static_cast<std::int64_t>(limit);
    if (group.empty()) {
        return select_workspaces(
            store_,
            "WHERE subscription = ? ORDER BY name, resource_group LIMIT ? OFFSET ?",
            {std::string(subscription), take, skip});
    }
    return select_workspaces(
        store_,
        "WHERE subscription = ? AND resource_group = ? ORDER BY name LIMIT ? OFFSET ?",
        {std::string(subscription), std::string(group), take, skip});
}

std::vector<Workspace> ResourceStore::all_workspaces() {
    return select_workspaces(store_, "ORDER BY subscription, name, resource_group", {});
}

void ResourceStore::put_workspace(const Workspace& workspace) {
    // An upsert, not REPLACE: replacing the row would take the children with it.
    store_.execute(
        "INSERT INTO workspaces(id, subscription, resource_group, name, location, storage_account, "
        "storage_key, body, system_data) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET "
        "location = excluded.location, storage_account = excluded.storage_account, storage_key = "
        "excluded.storage_key, "
        "body = excluded.body, system_data = excluded.system_data",
        {workspace.id,
         workspace.subscription,
         workspace.resource_group,
         workspace.name,
         workspace.location,
         workspace.storage_account,
         workspace.storage_key,
         json_text(workspace.body),
         json_text(workspace.system_data)});
}

void ResourceStore::remove_workspace(std::string_view id) {
    store_.execute("DELETE FROM workspaces WHERE id = ?", {std::string(id)});
}

std::optional<Resource> ResourceStore::find(std::string_view workspace_id,
                                            std::string_view type,
                                            std::string_view name,
                                            std::string_view version) {
    return first_found(select_resources(
        store_,
        "WHERE workspace_id = ? AND type = ? AND name = ? AND version = ?",
        {std::string(workspace_id), std::string(type), std::string(name), std::string(version)}));
}

bool ResourceStore::put(const Resource& resource) {
    Transaction transaction(store_);
    const bool is_new =
        !find(resource.workspace_id, resource.type, resource.name, resource.version);
    store_.execute(
        "INSERT INTO resources(workspace_id, type, name, version, body, system_data) VALUES(?, ?, "
        "?, ?, ?, ?) "
        "ON CONFLICT(workspace_id, type, name, version) DO UPDATE SET body = excluded.body, "
        "system_data = excluded.system_data",
        {resource.workspace_id,
         resource.type,
         resource.name,
         resource.version,
         json_text(resource.body),
         json_text(resource.system_data)});
    transaction.commit();
    return is_new;
}

bool ResourceStore::remove(std::string_view workspace_id,
                           std::string_view type,
                           std::string_view name,
                           std::string_view version) {
    return store_.execute(
               "DELETE FROM resources WHERE workspace_id = ? AND type = ? AND name = ? AND version "
               "= ?",
               {std::string(workspace_id),
                std::string(type),
                std::string(name),
                std::string(version)}) > 0;
}

std::vector<Resource> ResourceStore::list(std::string_view workspace_id,
                                          std::string_view type,
                                          std::string_view name,
                                          PageRequest page) {
    return select_children(
        store_, {workspace_id, type, name}, "sequence > ? ORDER BY sequence", page.after, page);
}

std::vector<Resource> ResourceStore::list_newest_first(std::string_view workspace_id,
                                                       std::string_view type,
                                                       std::string_view name,
                                                       PageRequest page) {
    return select_children(store_,
                           {workspace_id, type, name},
                           "sequence < ? ORDER BY sequence DESC",
                           page.before(),
                           page);
}

}  // namespace aml::emulator
