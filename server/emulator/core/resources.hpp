#pragma once

#include "core/json.hpp"
#include "core/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// A workspace with what other parts need of it.
struct Workspace {
    /// The GUID in `properties.workspaceId`.
    std::string id;
    std::string subscription;
    std::string resource_group;
    std::string name;
    std::string location;
    /// Storage account behind its datastores, e.g. `amlstorage0123456789`.
    std::string storage_account;
    /// Standard Base64, 64 random bytes.
    std::string storage_key;
    /// ARM body without `id`, `name`, `type`: tags, identity, sku, properties…
    json body = json::object();
    json system_data = json::object();

    /// `/subscriptions/…/workspaces/{name}`.
    std::string arm_id() const;
    /// `azureml-blobstore-{id}`, the container of `workspaceblobstore`.
    std::string blobstore_container() const;
};

/// A child resource of a workspace: compute, datastore, environment version, code version, model
/// version …
struct Resource {
    /// Row id; rises with creation.
    std::int64_t sequence = 0;
    std::string workspace_id;
    /// Path of types below the workspace: `computes`, `datastores`, `environments/versions` …
    std::string type;
    std::string name;
    /// "" for types without versions.
    std::string version;
    /// ARM body without `id`, `name`, `type`, `systemData`.
    json body = json::object();
    json system_data = json::object();
};

/// A page of a list and how to go on.
struct PageRequest {
    /// Rows after this position; 0 starts.
    std::int64_t after = 0;
    std::size_t limit = 50;

    /// `after` in a list that runs backwards: what comes next is below it.
    std::int64_t before() const;
};

/// Workspaces and their child resources. Names compare without regard to case.
class ResourceStore final {
public:
    explicit ResourceStore(Store& store);

    /// The emulator is reached at `base_url` from now on, e.g. "http://127.0.0.1:8080". What
    /// resources have of its last address (the endpoints of datastores, where code and data lie) is
    /// written anew, so that a state works on any port. Call it before anything else is asked for.
    void use_address(const std::string& base_url);

    std::optional<Workspace> find_workspace(std::string_view subscription,
                                            std::string_view group,
                                            std::string_view name);
    std::optional<Workspace> find_workspace_by_id(std::string_view id);
    /// Ordered by name; `group` "" means the whole subscription. `offset` counts rows.
    std::vector<Workspace> list_workspaces(std::string_view subscription,
                                           std::string_view group,
                                           std::size_t offset,
                                           std::size_t limit);
    std::vector<Workspace> all_workspaces();
    void put_workspace(const Workspace& workspace);
    /// Also removes its child resources.
    void remove_workspace(std::string_view id);

    std::optional<Resource> find(std::string_view workspace_id,
                                 std::string_view type,
                                 std::string_view name,
                                 std::string_view version = "");
    /// Inserts or replaces body and system data; returns true when it is new.
    bool put(const Resource& resource);
    bool remove(std::string_view workspace_id,
                std::string_view type,
                std::string_view name,
                std::string_view version = "");
    /// In order of creation. `name` "" lists every name.
    std::vector<Resource> list(std::string_view workspace_id,
                               std::string_view type,
                               std::string_view name,
                               PageRequest page);
    /// Newest first. `after` is the sequence of the last row seen, 0 starts.
    std::vector<Resource> list_newest_first(std::string_view workspace_id,
                                            std::string_view type,
                                            std::string_view name,
                                            PageRequest page);

private:
    Store& store_;
};

}  // namespace aml::emulator
