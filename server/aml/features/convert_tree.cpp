#include "features/convert_tree.hpp"

#include "features/convert.hpp"

#include <algorithm>
#include <utility>

namespace aml::features {

protocol::TreeNode to_wire(const tree::TreeNode& node) {
    protocol::TreeNode wire{.id = node.id};
    wire.parentId = unless_empty(node.parent);
    wire.label = node.label;
    wire.description = unless_empty(node.description);
    wire.tooltip = unless_empty(node.tooltip);
    wire.icon = node.icon;
    wire.iconColor = unless_empty(node.icon_color);
    wire.contextValue = node.kind;
    wire.collapsible =
        node.expandable ? protocol::Collapsible::Collapsed : protocol::Collapsible::None;
    if (node.command) {
        wire.command =
            protocol::Command{.title = node.command->title, .command = node.command->command};
        if (!node.command->argument.empty()) {
            wire.command->arguments.emplace().emplace_back(node.command->argument);
        }
    }
    return wire;
}

std::vector<protocol::TreeNode> to_wire(const std::vector<tree::TreeNode>& nodes) {
    std::vector<protocol::TreeNode> wire;
    wire.reserve(nodes.size());
    for (const auto& node : nodes) wire.push_back(to_wire(node));
    return wire;
}

protocol::TreeDidChangeParams to_wire(const tree::TreeChange& change) {
    protocol::TreeDidChangeParams params;
    // The top of the tree has no id of its own: all of it is asked for again.
    const auto& ids = change.ids;
    if (ids.empty() || std::find(ids.begin(), ids.end(), "") != ids.end()) return params;
    params.ids = ids;
    if (!change.rows.empty()) params.nodes = to_wire(change.rows);
    for (const auto& list : change.lists) {
        protocol::TreeListChange wire{.id = list.id};
        if (!list.removed.empty()) wire.removed = list.removed;
        wire.nodes = to_wire(list.added);
        wire.before = unless_empty(list.before);
        if (!params.lists) params.lists.emplace();
        params.lists->push_back(std::move(wire));
    }
    return params;
}

}  // namespace aml::features
