#pragma once

#include "async/clock.hpp"
#include "runs/run_filter.hpp"
#include "tree/tree_lister.hpp"
#include "tree/tree_node.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
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
    std::vector<TreeNode> rows{};
    /// Empty when there are no more, or it is not known.
    TreePage::Fetch next{};
    /// When `rows` were listed.
    async::Clock::TimePoint listed_at{};
    /// Why listing failed last; empty when it did not.
    std::string problem{};
    /// It failed because nobody is signed in, or before anybody could be.
    bool signed_out = false;
    /// "Load more…" was clicked and is not answered yet.
    bool loading_more = false;
};

/// The rows to show under `id`: what is known, then what went wrong, what is missing, or that there
/// is nothing.
std::vector<TreeNode> view(const std::string& id,
                           const Branch& branch,
                           const runs::RunFilter& filter,
                           async::Clock::TimePoint now);

/// A branch as it is kept on disk: at most the first hundred rows.
nlohmann::json to_json(const Branch& branch);
/// Absent when it is not such an entry.
std::optional<Branch> branch_from_json(const nlohmann::json& json);

/// Whether the row `id` is `root` or stands somewhere under it.
bool is_under(std::string_view id, std::string_view root);

}  // namespace aml::tree
