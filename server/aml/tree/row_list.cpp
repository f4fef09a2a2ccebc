#include "tree/row_list.hpp"

#include <utility>

namespace aml::tree {

const TreeNode* RowList::find(std::string_view id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : *found;
}

bool RowList::append(TreeNode row) {
    if (find(row.id) != nullptr) return false;
    by_id_.insert(&rows_.emplace_back(std::move(row)));
    return true;
}

bool RowList::prepend(TreeNode row) {
    if (find(row.id) != nullptr) return false;
    by_id_.insert(&rows_.emplace_front(std::move(row)));
    return true;
}

bool RowList::replace(TreeNode row) {
    const auto found = by_id_.find(std::string_view(row.id));
    if (found == by_id_.end()) return false;
    **found = std::move(row);
    return true;
}

}  // namespace aml::tree
