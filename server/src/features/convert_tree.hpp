#pragma once

#include "domain/tree/tree_node.hpp"
#include "protocol/protocol.gen.hpp"

namespace aml::features {

protocol::TreeNode to_wire(const domain::TreeNode& node);

}  // namespace aml::features
