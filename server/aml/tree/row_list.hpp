#pragma once

#include "tree/tree_node.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <string_view>
#include <unordered_set>

namespace aml::tree {

/// The rows of one list in order. A row is found by its id, and one is added at either end, without
/// looking at the others.
class RowList final {
public:
    RowList() = default;
    RowList(const RowList&) = delete;
    RowList& operator=(const RowList&) = delete;
    RowList(RowList&&) = default;
    RowList& operator=(RowList&&) = default;
    ~RowList() = default;

    bool empty() const { return rows_.empty(); }

    std::size_t size() const { return rows_.size(); }

    auto begin() const { return rows_.begin(); }

    auto end() const { return rows_.end(); }

    /// Valid until the row is replaced; null when there is none.
    const TreeNode* find(std::string_view id) const;

    /// At the end, or at the start. False: a row with this id is in the list, and stays as it is.
    bool append(TreeNode row);
    bool prepend(TreeNode row);

    /// In the place of the row with the same id. False: there is none.
    bool replace(TreeNode row);

private:
    struct ById {
        using is_transparent = void;

        static std::string_view id(const TreeNode* row) { return row->id; }

        static std::string_view id(std::string_view id) { return id; }

        template <typename T>
        std::size_t operator()(const T& row) const {
            return std::hash<std::string_view>()(id(row));
        }

        template <typename T, typename U>
        bool operator()(const T& left, const U& right) const {
            return id(left) == id(right);
        }
    };

    // A deque leaves its rows where they are when it grows at an end.
    std::deque<TreeNode> rows_;
    std::unordered_set<TreeNode*, ById, ById> by_id_;
};

}  // namespace aml::tree
