#include "features/convert_tree.hpp"

#include "features/convert.hpp"

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

}  // namespace aml::features
