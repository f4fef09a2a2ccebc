#include "tree/tree_node.hpp"

#include "support/text.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace aml::tree {
namespace {

constexpr std::string_view tenant_prefix = "tenant:";

struct Folder {
    std::string_view kind;
    std::string_view name;
};

constexpr std::array<Folder, 7> folders{{{row_kind::experiments, "experiments"},
                                         {row_kind::computes, "computes"},
                                         {row_kind::environments, "environments"},
                                         {row_kind::datastores, "datastores"},
                                         {row_kind::data_assets, "data"},
                                         {row_kind::models, "models"},
                                         {row_kind::endpoints, "endpoints"}}};

struct Asset {
    std::string_view type;
    std::string_view kind;
    std::string_view detail_kind;
    std::string_view folder;
};

constexpr std::array<Asset, 8> assets{
    {{"jobs", row_kind::active_run, "", ""},
     {"computes", row_kind::compute, row_kind::compute_node, row_kind::computes},
     {"environments", row_kind::environment, row_kind::environment_version, row_kind::environments},
     {"datastores", row_kind::datastore, "", row_kind::datastores},
     {"data", row_kind::data_asset, row_kind::data_version, row_kind::data_assets},
     {"models", row_kind::model, row_kind::model_version, row_kind::models},
     {"onlineEndpoints", row_kind::endpoint, "", row_kind::endpoints},
     {"batchEndpoints", row_kind::endpoint, "", row_kind::endpoints}}};

constexpr std::string_view version_separator = "/versions/";
constexpr std::string_view node_separator = "#node/";

// Cuts `text` at the first `separator`: what stands before it stays, what follows is returned.
std::string cut(std::string_view& text, std::string_view separator) {
    const auto at = text.find(separator);
    if (at == std::string_view::npos) return {};
    std::string rest(text.substr(at + separator.size()));
    text = text.substr(0, at);
    return rest;
}

std::optional<TreeAddress> parse_folder(azure::ResourceId workspace, std::string_view rest) {
    const auto subscription = workspace.subscription();
    for (const auto& folder : folders) {
        if (rest == folder.name) {
            return TreeAddress{.kind = folder.kind,
                               .subscription = subscription,
                               .workspace = std::move(workspace)};
        }
    }
    constexpr std::string_view experiment = "experiments/";
    if (!rest.starts_with(experiment)) return std::nullopt;
    const auto name = rest.substr(experiment.size());
    if (name.find('#') != std::string_view::npos) return std::nullopt;
    return TreeAddress{.kind = row_kind::experiment,
                       .subscription = subscription,
                       .workspace = std::move(workspace),
                       .name = std::string(name)};
}

std::optional<TreeAddress> parse_asset(azure::ResourceId workspace, std::string_view rest) {
    const auto slash = rest.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto type = rest.substr(0, slash);
    auto name = rest.substr(slash + 1);
    for (const auto& asset : assets) {
        if (asset.type != type) continue;
        auto detail =
            cut(name, asset.kind == row_kind::compute ? node_separator : version_separator);
        const bool synthetic =
            name.find('#') != std::string_view::npos || detail.find('#') != std::string::npos;
        if (synthetic || name.empty()) return std::nullopt;
        const auto kind = detail.empty() ? asset.kind : asset.detail_kind;
        const auto subscription = workspace.subscription();
        return TreeAddress{.kind = kind,
                           .subscription = subscription,
                           .workspace = std::move(workspace),
                           .name = std::string(name),
                           .detail = std::move(detail)};
    }
    return std::nullopt;
}

}  // namespace

std::optional<TreeAddress> parse_address(std::string_view id) {
    constexpr std::string_view subscriptions = "/subscriptions/";
    if (!id.starts_with(subscriptions)) return std::nullopt;
    const auto after = id.substr(subscriptions.size());
    if (!after.empty() && after.find_first_of("/#") == std::string_view::npos) {
        return TreeAddress{.kind = row_kind::subscription, .subscription = std::string(after)};
    }
    constexpr std::string_view marker = "/workspaces/";
    const auto at = id.find(marker);
    if (at == std::string_view::npos) return std::nullopt;
    const auto end = id.find_first_of("/#", at + marker.size());
    const auto parsed = azure::ResourceId::parse(id.substr(0, end));
    if (!parsed) return std::nullopt;
    // Azure's own spelling of what is the same for all workspaces.
    auto workspace = azure::ResourceId::workspace(
        parsed->subscription(), parsed->resource_group(), parsed->name());
    if (end == std::string_view::npos) {
        const auto subscription = workspace.subscription();
        return TreeAddress{.kind = row_kind::workspace,
                           .subscription = subscription,
                           .workspace = std::move(workspace)};
    }
    const auto rest = id.substr(end + 1);
    return id[end] == '#' ? parse_folder(std::move(workspace), rest)
                          : parse_asset(std::move(workspace), rest);
}

std::optional<std::string> list_of(std::string_view id) {
    const auto address = parse_address(id);
    if (!address || address->kind == row_kind::subscription) return std::string();
    if (address->kind == row_kind::active_run) return std::nullopt;
    if (address->kind == row_kind::workspace) return subscription_row(address->subscription);
    if (address->kind == row_kind::experiment)
        return folder_row(address->workspace, row_kind::experiments);
    if (address->name.empty()) return workspace_row(address->workspace);
    for (const auto& asset : assets) {
        if (asset.kind == address->kind) return folder_row(address->workspace, asset.folder);
        if (asset.detail_kind == address->kind)
            return asset_row(address->workspace, asset.type, address->name);
    }
    return std::string();
}

std::string subscription_row(std::string_view subscription) {
    return "/subscriptions/" + lower(subscription);
}

std::string tenant_row(const azure::Identity& identity) {
    return fmt::format("{}{}/{}", tenant_prefix, identity.tenant, identity.account);
}

std::optional<azure::Identity> parse_tenant_row(std::string_view id) {
    if (!id.starts_with(tenant_prefix)) return std::nullopt;
    id.remove_prefix(tenant_prefix.size());
    const auto slash = id.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    return azure::Identity{.tenant = std::string(id.substr(0, slash)),
                           .account = std::string(id.substr(slash + 1))};
}

std::string workspace_row(const azure::ResourceId& workspace) {
    return workspace.key();
}

std::string folder_row(const azure::ResourceId& workspace, std::string_view folder) {
    for (const auto& known : folders) {
        if (known.kind == folder) return fmt::format("{}#{}", workspace.key(), known.name);
    }
    return {};
}

std::string experiment_row(const azure::ResourceId& workspace, std::string_view experiment) {
    return fmt::format("{}#experiments/{}", workspace.key(), experiment);
}

std::string run_row(const azure::ResourceId& job) {
    return asset_row(job.workspace(), "jobs", job.name());
}

std::string asset_row(const azure::ResourceId& workspace,
                      std::string_view type,
                      std::string_view name) {
    return fmt::format("{}/{}/{}", workspace.key(), type, name);
}

std::string version_row(std::string_view asset_row_id, std::string_view version) {
    return fmt::format("{}{}{}", asset_row_id, version_separator, version);
}

std::vector<std::string> path_to_run(const azure::ResourceId& job, std::string_view experiment) {
    const auto workspace = job.workspace();
    return {subscription_row(workspace.subscription()),
            workspace_row(workspace),
            folder_row(workspace, row_kind::experiments),
            experiment_row(workspace, experiment),
            run_row(job)};
}

}  // namespace aml::tree
