#include "tree/tree_kinds.hpp"

#include "tree/resource_details.hpp"
#include "tree/tree_lists.hpp"
#include "tree/tree_node.hpp"

#include <algorithm>
#include <array>

namespace aml::tree {
namespace {

constexpr std::string_view home = "/home";
constexpr std::string_view versions = "/versions/";
constexpr std::string_view folder_mark = "#files/";
constexpr std::string_view file_mark = "#file/";
constexpr auto could_not_list_files = Localizable("Could not list the files");
constexpr auto no_files = Localizable("No files");

constexpr std::array all_kinds{
    TreeKind{.id = row_kind::subscription,
             .icon = "key",
             .list = lists::workspaces,
             .failed = Localizable("Could not list the workspaces"),
             .nothing = Localizable("No workspaces in this subscription"),
             .details = details::subscription,
             .refreshes = true},
    TreeKind{.id = row_kind::workspace,
             .parent = row_kind::subscription,
             .icon = "azure",
             .details = details::resource,
             .page = home,
             .refreshes = true},

    TreeKind{.id = row_kind::experiments,
             .parent = row_kind::workspace,
             .place = "#experiments",
             .label = Localizable("Experiments"),
             .icon = "beaker",
             .list = lists::experiments,
             .failed = Localizable("Could not list the experiments"),
             .nothing = Localizable("No experiments yet"),
             .hint = Localizable("Run a Python script to start one."),
             .refreshes = true},
    TreeKind{.id = row_kind::experiment,
             .parent = row_kind::experiments,
             .place = "#experiments/",
             .icon = "beaker",
             .list = lists::runs,
             .failed = Localizable("Could not list the runs"),
             .nothing = Localizable("No runs yet"),
             .details = details::experiment,
             .page = "/experiments/id/{detail}",
             .refreshes = true},
    TreeKind{.id = row_kind::active_run,
             .parent = row_kind::experiment,
             .place = "/jobs/",
             .list = lists::child_runs,
             .failed = Localizable("Could not list the parts of the run"),
             .details = details::run,
             .page = "/runs/{name}",
             .refreshes = true},
    // Its id is that of a run that is going on.
    TreeKind{.id = row_kind::final_run,
             .parent = row_kind::experiment,
             .list = lists::child_runs,
             .failed = Localizable("Could not list the parts of the run"),
             .details = details::run,
             .page = "/runs/{name}",
             .refreshes = true},
    TreeKind{.id = row_kind::run_folder,
             .parent = row_kind::active_run,
             .place = "/jobs/",
             .detail_place = folder_mark,
             .icon = "folder",
             .list = lists::run_files,
             .failed = could_not_list_files,
             .nothing = no_files,
             .refreshes = true,
             .nests = true},
    TreeKind{.id = row_kind::run_file,
             .parent = row_kind::active_run,
             .place = "/jobs/",
             .detail_place = file_mark,
             .icon = "file",
             .nests = true},

    TreeKind{.id = row_kind::computes,
             .parent = row_kind::workspace,
             .place = "#computes",
             .label = Localizable("Compute"),
             .icon = "server-environment",
             .list = lists::computes,
             .failed = Localizable("Could not list the computes"),
             .nothing = Localizable("No compute yet"),
             .hint = Localizable("The first run can create one."),
             .refreshes = true},
    TreeKind{.id = row_kind::compute,
             .parent = row_kind::computes,
             .place = "/computes/",
             .list = lists::compute_nodes,
             .failed = Localizable("Could not list the nodes"),
             .nothing = Localizable("No nodes are switched on"),
             .details = details::resource,
             .page = "/compute/{name}/details",
             .refreshes = true},
    // Its id is that of a cluster.
    TreeKind{.id = row_kind::instance,
             .parent = row_kind::computes,
             .details = details::resource,
             .page = "/compute/{name}/details",
             .refreshes = true},
    TreeKind{.id = row_kind::compute_node,
             .parent = row_kind::compute,
             .place = "/computes/",
             .detail_place = "#node/"},

    TreeKind{.id = row_kind::environments,
             .parent = row_kind::workspace,
             .place = "#environments",
             .label = Localizable("Environments"),
             .icon = "layers",
             .list = lists::environments,
             .failed = Localizable("Could not list the environments"),
             .nothing = Localizable("No environments yet"),
             .refreshes = true},
    TreeKind{.id = row_kind::environment,
             .parent = row_kind::environments,
             .place = "/environments/",
             .icon = "layers",
             .list = lists::environment_versions,
             .failed = Localizable("Could not list the versions"),
             .nothing = Localizable("No versions"),
             .details = details::resource,
             .page = "/environments/{name}/version/{detail}",
             .refreshes = true},
    TreeKind{.id = row_kind::environment_version,
             .parent = row_kind::environment,
             .place = "/environments/",
             .detail_place = versions,
             .icon = "tag",
             .details = details::resource,
             .page = "/environments/{name}/version/{detail}"},

    TreeKind{.id = row_kind::datastores,
             .parent = row_kind::workspace,
             .place = "#datastores",
             .label = Localizable("Datastores"),
             .icon = "database",
             .list = lists::datastores,
             .failed = Localizable("Could not list the datastores"),
             .nothing = Localizable("No datastores"),
             .refreshes = true},
    TreeKind{.id = row_kind::datastore,
             .parent = row_kind::datastores,
             .place = "/datastores/",
             .icon = "database",
             .details = details::resource},

    TreeKind{.id = row_kind::data_assets,
             .parent = row_kind::workspace,
             .place = "#data",
             .label = Localizable("Data"),
             .icon = "table",
             .list = lists::data,
             .failed = Localizable("Could not list the data"),
             .nothing = Localizable("No data assets yet"),
             .refreshes = true},
    TreeKind{.id = row_kind::data_asset,
             .parent = row_kind::data_assets,
             .place = "/data/",
             .icon = "table",
             .list = lists::data_versions,
             .failed = Localizable("Could not list the versions"),
             .nothing = Localizable("No versions"),
             .details = details::resource,
             .page = "/data/{name}/{detail}/details",
             .refreshes = true},
    TreeKind{.id = row_kind::data_version,
             .parent = row_kind::data_asset,
             .place = "/data/",
             .detail_place = versions,
             .icon = "tag",
             .details = details::resource,
             .page = "/data/{name}/{detail}/details"},

    TreeKind{.id = row_kind::models,
             .parent = row_kind::workspace,
             .place = "#models",
             .label = Localizable("Models"),
             .icon = "symbol-misc",
             .list = lists::models,
             .failed = Localizable("Could not list the models"),
             .nothing = Localizable("No models yet"),
             .refreshes = true},
    TreeKind{.id = row_kind::model,
             .parent = row_kind::models,
             .place = "/models/",
             .icon = "symbol-misc",
             .list = lists::model_versions,
             .failed = Localizable("Could not list the versions"),
             .nothing = Localizable("No versions"),
             .details = details::resource,
             .page = "/model/{name}:{detail}/details",
             .refreshes = true},
    TreeKind{.id = row_kind::model_version,
             .parent = row_kind::model,
             .place = "/models/",
             .detail_place = versions,
             .icon = "tag",
             .list = lists::model_files,
             .failed = could_not_list_files,
             .nothing = no_files,
             .details = details::resource,
             .page = "/model/{name}:{detail}/details",
             .refreshes = true},
    TreeKind{.id = row_kind::model_folder,
             .parent = row_kind::model_version,
             .place = "/models/",
             .detail_place = folder_mark,
             .icon = "folder",
             .list = lists::model_files,
             .failed = could_not_list_files,
             .nothing = no_files,
             .refreshes = true,
             .nests = true},
    TreeKind{.id = row_kind::model_file,
             .parent = row_kind::model_version,
             .place = "/models/",
             .detail_place = file_mark,
             .icon = "file",
             .nests = true},

    TreeKind{.id = row_kind::endpoints,
             .parent = row_kind::workspace,
             .place = "#endpoints",
             .label = Localizable("Endpoints"),
             .icon = "broadcast",
             .list = lists::endpoints,
             .failed = Localizable("Could not list the endpoints"),
             .nothing = Localizable("No endpoints yet"),
             .refreshes = true},
    // Two collections in ARM, one kind of rows.
    TreeKind{.id = row_kind::endpoint,
             .parent = row_kind::endpoints,
             .place = "/onlineEndpoints/",
             .icon = "broadcast",
             .details = details::resource,
             .page = home,
             .refreshes = true},
    TreeKind{.id = row_kind::endpoint,
             .parent = row_kind::endpoints,
             .place = "/batchEndpoints/",
             .icon = "tasklist",
             .details = details::resource,
             .page = home,
             .refreshes = true},

    TreeKind{.id = row_kind::more, .icon = "ellipsis"},
    TreeKind{.id = row_kind::problem, .icon = "warning"},
    TreeKind{.id = row_kind::empty, .icon = "info"},
    TreeKind{.id = row_kind::filter, .icon = "filter-filled"},
};

constexpr TreeKind no_kind{};

// Puts `value` in the place of `what`; false when it is wanted and empty.
bool put_in(std::string& text, std::string_view what, std::string_view value) {
    const auto at = text.find(what);
    if (at == std::string::npos) return true;
    text.replace(at, what.size(), value);
    return !value.empty();
}

}  // namespace

std::span<const TreeKind> tree_kinds() {
    return all_kinds;
}

const TreeKind& kind_of(std::string_view id) {
    const auto is_it = [&](const TreeKind& kind) { return kind.id == id; };
    const auto found = std::find_if(all_kinds.begin(), all_kinds.end(), is_it);
    return found == all_kinds.end() ? no_kind : *found;
}

std::string page_path(const TreeKind& kind, std::string_view name, std::string_view detail) {
    std::string path(kind.page.empty() ? home : kind.page);
    const bool complete = put_in(path, "{detail}", detail) && put_in(path, "{name}", name);
    return complete ? path : std::string(home);
}

}  // namespace aml::tree
