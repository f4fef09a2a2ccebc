#pragma once

#include "protocol/protocol.gen.hpp"
#include "tree/tree_node.hpp"

namespace aml::features {

protocol::TreeNode to_wire(const tree::TreeNode& node);

}  // namespace aml::features
