#pragma once

#include "async/asio.hpp"
#include "support/localize.hpp"

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace aml::azure {
class Client;
}

namespace aml::tree {

struct ListRequest;
struct TreeAddress;
struct TreePage;

/// Asks Azure for the rows under a row.
using ListCall = asio::awaitable<TreePage> (*)(ListRequest request, std::stop_token stop);
/// Asks Azure for the document of the thing behind a row.
using DetailsCall = asio::awaitable<nlohmann::json> (*)(azure::Client& client,
                                                        TreeAddress address,
                                                        std::stop_token stop);

/// All that is particular to one kind of rows, except how its data become a row (`rows`).
struct TreeKind {
    /// One of `row_kind`: what a row's `context_value` says, on which clients hang their menus.
    std::string_view id{};
    /// The kind of the row above; empty at the top.
    std::string_view parent{};
    /// What stands in a row's id behind the workspace's: all of it for a folder ("#computes"),
    /// else what comes before the name ("/computes/"). Where it begins with '/', it is the path in
    /// ARM as well.
    std::string_view place{};
    /// Between the name and the version of an asset, the node of a compute, or the path of a file.
    std::string_view detail_place{};
    /// Of a folder.
    Localizable label{};
    /// A codicon; for some kinds the row's state decides.
    std::string_view icon{};
    /// Null: there are no rows under it, or they are the folders of a workspace.
    ListCall list{};
    /// What stands in the list when it cannot be had, and when it is empty; a run always has the
    /// row of its files.
    Localizable failed{};
    Localizable nothing{};
    /// What to do about an empty list.
    Localizable hint{};
    /// Null: there is nothing to view, and no name to copy.
    DetailsCall details{};
    /// The page in Azure ML studio, with {name} and {detail}; empty: there is none, and no link to
    /// copy.
    std::string_view page{};
    /// It can be refreshed by itself.
    bool refreshes = false;
    /// Its detail is a path, and the row above it may be of its own kind.
    bool nests = false;

    bool is_folder() const { return !label.english().empty(); }
};

/// All kinds; folders in the order in which a workspace shows them.
std::span<const TreeKind> tree_kinds();

/// The kind `id`; one without anything when there is none.
const TreeKind& kind_of(std::string_view id);

/// The path of a page in studio; the workspace's own where the kind has none, or one that needs a
/// `detail` that is not known.
std::string page_path(const TreeKind& kind, std::string_view name, std::string_view detail = {});

}  // namespace aml::tree
