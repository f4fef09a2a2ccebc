#pragma once

#include "async/clock.hpp"
#include "tree/row_list.hpp"
#include "tree/run_arrangement.hpp"
#include "tree/tree_lists.hpp"
#include "tree/tree_node.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace aml::tree {

/// What is known of the rows under one row.
struct Branch {
    enum class State {
        /// Nothing is known.
        Unknown,
        /// From the last session; to be corrected.
        Cached,
        /// Listed in this session.
        Fresh,
        /// Listed, but the user wants it new.
        Stale,
    };
    State state = State::Unknown;
    RowList rows{};
    /// How to get the next page. Empty when there is none, and for rows of the last session.
    TreePage::Fetch next{};
    /// Rows of the last session: there were more than are kept.
    bool had_more = false;
    /// When `rows` were listed.
    async::Clock::TimePoint listed_at{};
    /// Why listing failed last; empty when it did not.
    std::string problem{};
    /// It failed because nobody is signed in, or before anybody could be.
    bool signed_out = false;
    /// "Load more…" was clicked and is not answered yet.
    bool loading_more = false;

    bool has_more() const { return next || had_more; }
};

/// The rows to show under `id`: what is known, then what went wrong, what is missing, or that there
/// is nothing.
std::vector<TreeNode> view(const std::string& id,
                           const Branch& branch,
                           const RunSelection& selection,
                           async::Clock::TimePoint now);

/// The row under `id` that stands for those not listed yet.
TreeNode more_row(const std::string& id, const Branch& branch);

/// A branch as it is kept on disk: at most the first hundred rows, and whether there are more.
nlohmann::json to_json(const Branch& branch);
/// Absent when it is not such an entry.
std::optional<Branch> branch_from_json(const nlohmann::json& json);

}  // namespace aml::tree
