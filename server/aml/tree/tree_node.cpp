#include "tree/tree_node.hpp"

#include "support/text.hpp"
#include "tree/tree_kinds.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::tree {
namespace {

constexpr std::string_view tenant_prefix = "tenant:";

// Cuts `text` at the first `separator`: what stands before it stays, what follows is returned.
std::string cut(std::string_view& text, std::string_view separator) {
    const auto at = text.find(separator);
    if (at == std::string_view::npos) return {};
    std::string rest(text.substr(at + separator.size()));
    text = text.substr(0, at);
    return rest;
}

// Fills in name and detail of an `address` whose kind may be `kind`; false when it is not.
bool read_place(TreeAddress& address, const TreeKind& kind) {
    if (kind.place.empty()) return false;
    if (kind.is_folder()) return address.place == kind.place;
    std::string_view name = address.place;
    if (!name.starts_with(kind.place)) return false;
    name.remove_prefix(kind.place.size());
    auto detail = kind.detail_place.empty() ? std::string() : cut(name, kind.detail_place);
    // Behind '#' stand rows that are no resource.
    const bool synthetic =
        name.find('#') != std::string_view::npos || detail.find('#') != std::string::npos;
    if (synthetic || name.empty() || detail.empty() != kind.detail_place.empty()) return false;
    address.name = name;
    address.detail = std::move(detail);
    return true;
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
    TreeAddress address{.kind = row_kind::workspace, .subscription = workspace.subscription()};
    address.workspace = std::move(workspace);
    if (end == std::string_view::npos) return address;
    address.place = id.substr(end);
    // A version's id begins as that of its asset does.
    for (const bool has_detail : {true, false}) {
        for (const auto& kind : tree_kinds()) {
            if (kind.detail_place.empty() == has_detail || !read_place(address, kind)) continue;
            address.kind = kind.id;
            return address;
        }
    }
    return std::nullopt;
}

std::optional<std::string> list_of(std::string_view id) {
    const auto address = parse_address(id);
    if (!address || address->kind == row_kind::subscription) return std::string();
    if (address->kind == row_kind::workspace) return subscription_row(address->subscription);
    const auto& kind = kind_of(address->kind);
    const auto& above = kind_of(kind.parent);
    if (kind.is_folder()) return workspace_row(address->workspace);
    if (above.is_folder()) return folder_row(address->workspace, above.id);
    if (kind.detail_place.empty()) return std::nullopt;
    return fmt::format("{}{}{}", address->workspace.key(), above.place, address->name);
}

bool is_under(std::string_view id, std::string_view root) {
    if (root.empty()) return true;
    for (std::optional<std::string> row{id}; row && !row->empty(); row = list_of(*row)) {
        if (*row == root) return true;
    }
    return false;
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
    return workspace.key() + std::string(kind_of(folder).place);
}

std::string experiment_row(const azure::ResourceId& workspace, std::string_view experiment) {
    return fmt::format("{}{}{}", workspace.key(), kind_of(row_kind::experiment).place, experiment);
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
    return fmt::format("{}/versions/{}", asset_row_id, version);
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
