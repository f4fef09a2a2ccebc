#pragma once

#include "protocol/protocol.gen.hpp"
#include "tree/workspace_tree.hpp"

#include <vector>

namespace aml::features {

protocol::TreeNode to_wire(const tree::TreeNode& node);
std::vector<protocol::TreeNode> to_wire(const std::vector<tree::TreeNode>& nodes);
protocol::TreeDidChangeParams to_wire(const tree::TreeChange& change);

}  // namespace aml::features
