#pragma once

#include "runs/run_filter.hpp"
#include "support/localize.hpp"
#include "tree/tree_node.hpp"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace aml::tree {

/// In which order the runs of an experiment stand. Azure knows the first two; for the others as
/// many runs are listed as one call brings, and put in order here.
enum class RunOrder { Newest, Oldest, Name, State, HighestMetric, LowestMetric };

/// One of those orders, as a user chooses it.
struct OrderChoice {
    RunOrder order;
    std::string_view id;
    Localizable label;
    /// Name of a VS Code codicon.
    std::string_view icon;
};

/// All orders, as they are offered.
inline constexpr std::array<OrderChoice, 6> order_choices{{
    {RunOrder::Newest, "newest", Localizable("Newest first"), "arrow-down"},
    {RunOrder::Oldest, "oldest", Localizable("Oldest first"), "arrow-up"},
    {RunOrder::HighestMetric,
     "highestMetric",
     Localizable("Highest main metric first"),
     "graph-line"},
    {RunOrder::LowestMetric, "lowestMetric", Localizable("Lowest main metric first"), "graph-line"},
    {RunOrder::State,
     "state",
     Localizable("By state: going on, failed, completed, cancelled"),
     "pulse"},
    {RunOrder::Name, "name", Localizable("By name"), "case-sensitive"},
}};

/// How the runs of experiments are arranged.
struct RunArrangement {
    RunOrder order = RunOrder::Newest;
    /// Only those of whoever is signed in.
    bool only_mine = false;

    bool empty() const { return *this == RunArrangement{}; }

    bool operator==(const RunArrangement&) const = default;
};

/// Which runs the tree shows of an experiment, and how.
struct RunSelection {
    runs::RunFilter filter{};
    RunArrangement arrangement{};

    bool operator==(const RunSelection&) const = default;
};

/// Whether Azure itself lists runs in this order, so that lists grow at their ends.
bool is_order_of_azure(RunOrder order);

/// Whether the order needs the metrics of runs that are over.
bool needs_metrics(RunOrder order);

/// Puts rows of runs in order.
void arrange(std::vector<TreeNode>& rows, RunOrder order);

/// For the user: "highest main metric first, only mine".
std::string summary(const RunArrangement& arrangement);

nlohmann::json to_json(const RunArrangement& arrangement);
/// The usual arrangement for what is not understood.
RunArrangement arrangement_from_json(const nlohmann::json& json);

}  // namespace aml::tree
