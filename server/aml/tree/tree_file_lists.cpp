// The files that a run left, and those of a version of a model, as rows: a folder is asked for when
// it is opened.
#include "runs/file_source.hpp"
#include "support/localize.hpp"
#include "tree/tree_kinds.hpp"
#include "tree/tree_lists.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::tree {
namespace {

/// Whose files are listed, and below which row.
struct FileListing {
    /// The row of the run, or of the version of a model.
    std::string owner{};
    /// The row that they stand under.
    std::string parent{};
    std::string folder{};
    std::string_view folder_kind{};
    std::string_view file_kind{};
};

TreeNode file_row_of(const FileListing& listing, std::string_view entry) {
    const bool is_folder = entry.ends_with('/');
    auto name = std::string(is_folder ? entry.substr(0, entry.size() - 1) : entry);
    const auto path = listing.folder.empty() ? name : listing.folder + "/" + name;
    TreeNode node{.parent = listing.parent, .label = std::move(name)};
    node.kind = is_folder ? listing.folder_kind : listing.file_kind;
    node.id = files_row(listing.owner, node.kind, path);
    node.icon = kind_of(node.kind).icon;
    node.expandable = is_folder;
    node.tooltip = path;
    if (!is_folder) {
        node.command = RowCommand{
            .title = localize("Open"), .command = "azureml.file.open", .argument = node.id};
    }
    return node;
}

asio::awaitable<TreePage> list_files(runs::FileSource source,
                                     FileListing listing,
                                     std::stop_token stop) {
    const auto files = co_await source.files(listing.folder, std::move(stop));
    TreePage page;
    for (const auto& entry : runs::entries_of(files, listing.folder))
        page.nodes.push_back(file_row_of(listing, entry));
    co_return page;
}

}  // namespace

namespace rows {

TreeNode run_files(const azure::ResourceId& job) {
    TreeNode node{.parent = run_row(job), .label = localize("Files")};
    node.id = files_row(node.parent, row_kind::run_folder, {});
    node.kind = row_kind::run_folder;
    node.icon = "folder-library";
    node.expandable = true;
    return node;
}

}  // namespace rows

namespace lists {

asio::awaitable<TreePage> run_files(ListRequest request, std::stop_token stop) {
    const auto& address = request.address;
    auto job = address.workspace.child("jobs", address.name);
    FileListing listing{.owner = run_row(job)};
    listing.folder = address.detail;
    listing.parent = files_row(listing.owner, row_kind::run_folder, address.detail);
    listing.folder_kind = row_kind::run_folder;
    listing.file_kind = row_kind::run_file;
    auto source = aml::runs::FileSource::of_run(request.client, std::move(job));
    co_return co_await list_files(std::move(source), std::move(listing), std::move(stop));
}

asio::awaitable<TreePage> model_files(ListRequest request, std::stop_token stop) {
    const auto& address = request.address;
    const auto owner = owner_of_files(address);
    const auto asset = asset_row(address.workspace, "models", owner.name_of("models"));
    FileListing listing{.owner = version_row(asset, owner.name_of("versions"))};
    const bool is_top = address.kind == row_kind::model_version;
    if (!is_top) listing.folder = address.detail;
    listing.parent =
        is_top ? listing.owner : files_row(listing.owner, row_kind::model_folder, listing.folder);
    listing.folder_kind = row_kind::model_folder;
    listing.file_kind = row_kind::model_file;
    auto source = co_await aml::runs::FileSource::of_model(request.client, owner, stop);
    co_return co_await list_files(std::move(source), std::move(listing), std::move(stop));
}

}  // namespace lists
}  // namespace aml::tree
