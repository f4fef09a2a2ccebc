#include "tree/tree_node.hpp"

#include "http/url.hpp"
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

// Stands for the folder of all files: no file has this name.
constexpr std::string_view all_files = ".";

std::string path_of_detail(std::string_view detail) {
    return detail == all_files ? std::string() : http::percent_decode(detail);
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
    address.detail = kind.nests ? path_of_detail(detail) : std::move(detail);
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

namespace {

// A folder in the folder above it; at the top under the run's row for all files, or under the
// version of the model.
std::string list_of_files(const TreeAddress& address, const TreeKind& kind) {
    const auto owner = fmt::format("{}{}{}", address.workspace.key(), kind.place, address.name);
    const auto slash = address.detail.rfind('/');
    const bool is_top = slash == std::string::npos;
    const bool is_of_run = kind.parent == row_kind::active_run;
    if (is_top && (address.detail.empty() || !is_of_run)) return owner;
    const auto folder_kind = is_of_run ? row_kind::run_folder : row_kind::model_folder;
    const auto folder = is_top ? std::string() : address.detail.substr(0, slash);
    return files_row(owner, folder_kind, folder);
}

}  // namespace

std::optional<std::string> list_of(std::string_view id) {
    const auto address = parse_address(id);
    if (!address || address->kind == row_kind::subscription) return std::string();
    if (address->kind == row_kind::workspace) return subscription_row(address->subscription);
    const auto& kind = kind_of(address->kind);
    const auto& above = kind_of(kind.parent);
    if (kind.nests) return list_of_files(*address, kind);
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

std::string files_row(std::string_view owner_row_id, std::string_view kind, std::string_view path) {
    return fmt::format("{}{}{}",
                       owner_row_id,
                       kind_of(kind).detail_place,
                       path.empty() ? std::string(all_files) : http::percent_encode_path(path));
}

azure::ResourceId owner_of_files(const TreeAddress& address) {
    const auto place = kind_of(address.kind).place;
    if (place != kind_of(row_kind::model_version).place)
        return address.workspace.child("jobs", address.name);
    const auto versions = kind_of(row_kind::model_version).detail_place;
    const auto at = address.name.find(versions);
    // The row of the version itself has that as its detail.
    const bool is_version = at == std::string::npos;
    const auto name = is_version ? address.name : address.name.substr(0, at);
    const auto version = is_version ? address.detail : address.name.substr(at + versions.size());
    return address.workspace.child("models", name).child("versions", version);
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
