#pragma once

#include "azure/client.hpp"
#include "azure/resource_id.hpp"
#include "azure/run_history.hpp"
#include "runs/run_status.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::tree {

/// Kinds of rows; `tree_kinds()` says what is particular to each.
namespace row_kind {
inline constexpr std::string_view subscription = "subscription";
inline constexpr std::string_view workspace = "workspace";
inline constexpr std::string_view experiments = "folder.experiments";
inline constexpr std::string_view computes = "folder.computes";
inline constexpr std::string_view environments = "folder.environments";
inline constexpr std::string_view datastores = "folder.datastores";
inline constexpr std::string_view data_assets = "folder.data";
inline constexpr std::string_view models = "folder.models";
inline constexpr std::string_view endpoints = "folder.endpoints";
inline constexpr std::string_view experiment = "experiment";
/// A run that can still be cancelled; and one that is over.
inline constexpr std::string_view active_run = "run.active";
inline constexpr std::string_view final_run = "run.final";
/// A folder of files, and a file: of a run, and of a version of a model.
inline constexpr std::string_view run_folder = "run.folder";
inline constexpr std::string_view run_file = "run.file";
inline constexpr std::string_view model_folder = "model.folder";
inline constexpr std::string_view model_file = "model.file";
inline constexpr std::string_view compute = "compute";
/// A compute that is started and stopped.
inline constexpr std::string_view instance = "compute.instance";
inline constexpr std::string_view compute_node = "computeNode";
inline constexpr std::string_view environment = "environment";
inline constexpr std::string_view environment_version = "environmentVersion";
inline constexpr std::string_view datastore = "datastore";
inline constexpr std::string_view data_asset = "data";
inline constexpr std::string_view data_version = "dataVersion";
inline constexpr std::string_view model = "model";
inline constexpr std::string_view model_version = "modelVersion";
inline constexpr std::string_view endpoint = "endpoint";
/// "Load more…"; a failure with its reason; "nothing here yet"; the filter in force.
inline constexpr std::string_view more = "more";
inline constexpr std::string_view problem = "problem";
inline constexpr std::string_view empty = "empty";
inline constexpr std::string_view filter = "filter";
}  // namespace row_kind

/// A command that a click on a row starts; its only argument is `argument`.
struct RowCommand {
    std::string title;
    /// e.g. "azureml.loadMore".
    std::string command;
    std::string argument;

    bool operator==(const RowCommand&) const = default;
};

/// What runs are put in order by.
struct RunKey {
    /// Milliseconds since 1970.
    std::int64_t created_at = 0;
    runs::RunGroup group = runs::RunGroup::Unfinished;
    /// The main metric; of a trial the one that its sweep compares by.
    std::optional<double> metric{};
    /// The best trial of its sweep.
    bool best = false;

    bool operator==(const RunKey&) const = default;
};

/// A row of the tree, ready to be shown.
struct TreeNode {
    /// Stable through refreshes and restarts: the Azure resource id in lower case down to the
    /// workspace, then names as they are; rows that are no resource hang something behind '#'.
    std::string id{};
    /// Empty at the top.
    std::string parent{};
    std::string label{};
    std::string description{};
    /// Markdown.
    std::string tooltip{};
    /// Name of a VS Code codicon.
    std::string icon{};
    /// Id of a VS Code theme colour; empty for the usual one.
    std::string icon_color{};
    /// One of `row_kind`.
    std::string kind{};
    bool expandable = false;
    std::optional<RowCommand> command{};
    /// Azure resource id, where there is one.
    std::string resource_id{};
    /// Page in Azure ML studio or the Azure portal.
    std::string portal_url{};
    /// Of a run.
    std::optional<RunKey> run{};
    /// Of a run: other runs stand below it.
    bool has_parts = false;
    /// Of a sweep.
    std::optional<azure::SweepState> sweep{};

    bool operator==(const TreeNode&) const = default;
};

/// What a row's id says.
struct TreeAddress {
    /// One of `row_kind`; the two of runs are `active_run`, those of computes `compute`.
    std::string_view kind;
    std::string subscription{};
    /// Empty for a subscription.
    azure::ResourceId workspace{};
    /// Name of the experiment, run, compute, asset …; empty for workspaces and folders. Of files of
    /// a model "<name>/versions/<version>".
    std::string name{};
    /// Version of an asset, the node of a compute, or the path of a file, which is empty for all
    /// files of a run.
    std::string detail{};
    /// What the id says behind the workspace's, e.g. "/computes/cpu".
    std::string place{};
};

/// Reads a row's id; nothing for rows that are no resource ("Load more…") and for nonsense.
std::optional<TreeAddress> parse_address(std::string_view id);

/// The row that the row `id` stands under; "" for the top. Nothing for a run, whose id does not say
/// its experiment.
std::optional<std::string> list_of(std::string_view id);

/// Whether the row `id` is `root` or stands somewhere under it; everything stands under "".
bool is_under(std::string_view id, std::string_view root);

/// Ids of rows.
std::string subscription_row(std::string_view subscription);
/// A tenant of an account; only tenants that could not be asked have a row.
std::string tenant_row(const azure::Identity& identity);
/// What `tenant_row` made; nothing for any other id.
std::optional<azure::Identity> parse_tenant_row(std::string_view id);
std::string workspace_row(const azure::ResourceId& workspace);
/// `folder` is the `row_kind` of a folder.
std::string folder_row(const azure::ResourceId& workspace, std::string_view folder);
std::string experiment_row(const azure::ResourceId& workspace, std::string_view experiment);
/// `job` is the ARM id of the job: this is the protocol's `Run.nodeId`.
std::string run_row(const azure::ResourceId& job);
/// `type` as in ARM ids: "computes", "environments", "onlineEndpoints" …
std::string asset_row(const azure::ResourceId& workspace,
                      std::string_view type,
                      std::string_view name);
std::string version_row(std::string_view asset_row_id, std::string_view version);
/// `owner_row_id` is that of a run or of a version of a model, `kind` that of the file or folder at
/// `path`.
std::string files_row(std::string_view owner_row_id, std::string_view kind, std::string_view path);

/// The run, or the version of a model, whose files the row is about, or which the row is.
azure::ResourceId owner_of_files(const TreeAddress& address);

/// The ids from the top to a run's row, for revealing it.
std::vector<std::string> path_to_run(const azure::ResourceId& job, std::string_view experiment);

}  // namespace aml::tree
