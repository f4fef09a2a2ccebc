#include "arm/curated.hpp"
#include "arm/workspaces.hpp"
#include "core/digest.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace aml::emulator {
namespace {

json default_properties(const Workspace& workspace, const std::string& tenant, Time now) {
    return {{"friendlyName", workspace.name},
            {"description", ""},
            {"tenantId", tenant},
            {"containerRegistry", nullptr},
            {"hbiWorkspace", false},
            {"imageBuildCompute", nullptr},
            {"provisioningState", "Succeeded"},
            {"publicNetworkAccess", "Enabled"},
            {"v1LegacyMode", false},
            {"softDeleteEnabled", false},
            {"enableDataIsolation", false},
            {"storageHnsEnabled", false},
            {"systemDatastoresAuthMode", "AccessKey"},
            {"managedNetwork", {{"isolationMode", "Disabled"}}},
            {"privateLinkCount", 0},
            {"creationTime", iso_time(now)},
            {"sdkTelemetryAppInsightsKey", nullptr},
            {"sasGetterUri", ""},
            {"linkedModelInventoryArmId", nullptr}};
}

void put_datastore(
    Site& site, const Workspace& workspace, const char* name, json properties, bool is_default) {
    const auto& base = site.context.base_url;
    properties.update({{"isDefault", is_default},
                       {"description", nullptr},
                       {"tags", json::object()},
                       {"properties", nullptr},
                       {"accountName", workspace.storage_account},
                       {"endpoint", "core.localhost" + base.substr(base.rfind(':'))},
                       {"protocol", base.substr(0, base.find(':'))},
                       {"serviceDataAccessAuthIdentity", "None"},
                       {"subscriptionId", workspace.subscription},
                       {"resourceGroup", workspace.resource_group},
                       {"credentials", {{"credentialsType", "AccountKey"}}}});
    Resource datastore;
    datastore.workspace_id = workspace.id;
    datastore.type = "datastores";
    datastore.name = name;
    datastore.body = {{"properties", std::move(properties)}};
    datastore.system_data = workspace.system_data;
    site.context.resources.put(datastore);
}

void put_datastores(Site& site, const Workspace& workspace) {
    const auto blobs = workspace.blobstore_container();
    put_datastore(site,
                  workspace,
                  "workspaceblobstore",
                  {{"datastoreType", "AzureBlob"}, {"containerName", blobs}},
                  true);
    put_datastore(site,
                  workspace,
                  "workspaceartifactstore",
                  {{"datastoreType", "AzureBlob"}, {"containerName", "azureml"}},
                  false);
    put_datastore(
        site,
        workspace,
        "workspacefilestore",
        {{"datastoreType", "AzureFile"}, {"fileShareName", "azureml-filestore-" + workspace.id}},
        false);
    put_datastore(site,
                  workspace,
                  "workspaceworkingdirectory",
                  {{"datastoreType", "AzureFile"},
                   {"fileShareName", "code-391ff5ac-6576-460f-ba4d-7e03433c68b6"}},
                  false);
    site.blobs.ensure_container(workspace.storage_account, blobs);
    site.blobs.ensure_container(workspace.storage_account, "azureml");
}

/// The account that the body names, where it is known and not another workspace's; else a new one.
std::string account_of(Site& site, const Workspace& workspace) {
    auto id = text_at(value_at(workspace.body, "properties"), "storageAccount");
    const auto known = site.provider_resources.find(id);
    const auto workspaces = site.context.resources.all_workspaces();
    const bool is_taken =
        known && std::any_of(workspaces.begin(), workspaces.end(), [&](const Workspace& other) {
            return same_text(other.storage_account, known->name);
        });
    if (known && !is_taken) return known->name;
    return "aml" + workspace.id.substr(0, 8) + workspace.id.substr(24);
}

/// Those that came with the workspace lie beside it, in its group.
void put_dependents(Site& site, const Workspace& workspace) {
    const auto& properties = workspace.body["properties"];
    for (const auto& [key, type] :
         {std::pair("storageAccount", "Microsoft.Storage/storageAccounts"),
          std::pair("keyVault", "Microsoft.KeyVault/vaults"),
          std::pair("applicationInsights", "Microsoft.Insights/components")}) {
        const auto id = text_at(properties, key);
        ProviderResource resource{workspace.subscription,
                                  workspace.resource_group,
                                  type,
                                  id.substr(id.rfind('/') + 1),
                                  {{"location", workspace.location}, {"tags", json::object()}}};
        if (same_text(resource.id(), id) && !site.provider_resources.find(id))
            site.provider_resources.put(resource);
    }
}

}  // namespace

void create_workspace(Site& site, Workspace& workspace) {
    auto& context = site.context;
    if (workspace.id.empty()) workspace.id = context.random.uuid();
    workspace.storage_account = account_of(site, workspace);
    workspace.storage_key = base64_encode(random_bytes(64));
    const auto tenant =
        context.tenants.of_subscription(workspace.subscription, context.identity.tenant_id);
    auto properties = default_properties(workspace, tenant, context.clock.now());
    const auto group = fmt::format("/subscriptions/{}/resourceGroups/{}/providers",
                                   workspace.subscription,
                                   workspace.resource_group);
    properties["storageAccount"] =
        fmt::format("{}/Microsoft.Storage/storageAccounts/{}", group, workspace.storage_account);
    properties["keyVault"] =
        fmt::format("{}/Microsoft.KeyVault/vaults/kv{}", group, workspace.id.substr(0, 8));
    properties["applicationInsights"] =
        fmt::format("{}/Microsoft.Insights/components/ai{}", group, workspace.id.substr(0, 8));
    properties.update(workspace.body.value("properties", json::object()));
    workspace.body["properties"] = std::move(properties);
    if (!workspace.body.contains("tags")) workspace.body["tags"] = json::object();
    if (!workspace.body.contains("kind")) workspace.body["kind"] = "Default";
    workspace.body["sku"] = {{"name", "Basic"}, {"tier", "Basic"}};
    workspace.body["identity"] = {
        {"type", "SystemAssigned"}, {"principalId", context.random.uuid()}, {"tenantId", tenant}};
    context.resources.put_workspace(workspace);
    put_dependents(site, workspace);
    put_datastores(site, workspace);
    put_curated_environments(context.resources, workspace);
}

}  // namespace aml::emulator
