#pragma once

#include "core/store.hpp"
#include "web/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// A resource of another provider that a workspace depends on: a storage account, a key vault, …
/// Nothing stands behind it but what its ARM body says.
struct ProviderResource {
    std::string subscription;
    std::string group;
    /// `Microsoft.Storage/storageAccounts`.
    std::string type;
    std::string name;
    /// ARM body without `id`, `name`, `type`.
    json body = json::object();

    std::string id() const;
};

/// Names compare without regard to case.
class ProviderResources final {
public:
    explicit ProviderResources(Store& store);

    std::optional<ProviderResource> find(std::string_view id);
    /// One of that type and name in any group: some names are unique in all of Azure.
    std::optional<ProviderResource> find_named(std::string_view type, std::string_view name);
    /// Of a group; all of the subscription when `group` is "".
    std::vector<ProviderResource> list(std::string_view subscription, std::string_view group);
    void put(const ProviderResource& resource);
    /// False when there was none.
    bool remove(std::string_view id);
    void remove_group(std::string_view subscription, std::string_view group);

private:
    Store& store_;
};

/// As a GET shows it.
json resource_json(const ProviderResource& resource);

/// The types that can be deployed, read and deleted here, beside workspaces.
const std::vector<std::string>& provider_types();

}  // namespace aml::emulator
