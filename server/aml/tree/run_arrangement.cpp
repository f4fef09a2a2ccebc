#include "tree/run_arrangement.hpp"

#include "support/json.hpp"
#include "support/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>

namespace aml::tree {
namespace {

using Before = std::function<bool(const TreeNode& left, const TreeNode& right)>;

const OrderChoice& choice_of(RunOrder order) {
    return *std::ranges::find(order_choices, order, &OrderChoice::order);
}

/// What needs somebody comes first.
int place_of(runs::RunGroup group) {
    switch (group) {
        case runs::RunGroup::Unfinished:
            return 0;
        case runs::RunGroup::Failed:
            return 1;
        case runs::RunGroup::Completed:
            return 2;
        case runs::RunGroup::Cancelled:
            break;
    }
    return 3;
}

/// The best trial of a sweep comes first, and those without a metric last, whichever way the others
/// stand.
bool by_metric(const TreeNode& left, const TreeNode& right, bool highest_first) {
    if (left.run->best != right.run->best) return left.run->best;
    const auto& a = left.run->metric;
    const auto& b = right.run->metric;
    if (!a || !b) return a.has_value() && !b;
    return highest_first ? *a > *b : *a < *b;
}

Before order_of(RunOrder order) {
    switch (order) {
        case RunOrder::Newest:
            break;
        case RunOrder::Oldest:
            return [](const auto& left, const auto& right) {
                return left.run->created_at < right.run->created_at;
            };
        case RunOrder::Name:
            return [](const auto& left, const auto& right) {
                return lower(left.label) < lower(right.label);
            };
        case RunOrder::State:
            return [](const auto& left, const auto& right) {
                return place_of(left.run->group) < place_of(right.run->group);
            };
        case RunOrder::HighestMetric:
            return [](const auto& left, const auto& right) { return by_metric(left, right, true); };
        case RunOrder::LowestMetric:
            return
                [](const auto& left, const auto& right) { return by_metric(left, right, false); };
    }
    return [](const auto& left, const auto& right) {
        return left.run->created_at > right.run->created_at;
    };
}

}  // namespace

bool is_order_of_azure(RunOrder order) {
    return order == RunOrder::Newest || order == RunOrder::Oldest;
}

bool needs_metrics(RunOrder order) {
    return order == RunOrder::HighestMetric || order == RunOrder::LowestMetric;
}

void arrange(std::vector<TreeNode>& rows, RunOrder order) {
    const auto others = std::ranges::stable_partition(
        rows, [](const TreeNode& row) { return row.run.has_value(); });
    std::stable_sort(rows.begin(), others.begin(), order_of(order));
}

std::string summary(const RunArrangement& arrangement) {
    std::string text;
    if (arrangement.order != RunOrder::Newest) text = localize(choice_of(arrangement.order).label);
    if (!arrangement.only_mine) return text;
    return text.empty() ? localize("Only mine").shown()
                        : text + " · " + localize("only mine").shown();
}

nlohmann::json to_json(const RunArrangement& arrangement) {
    return {{"order", choice_of(arrangement.order).id}, {"onlyMine", arrangement.only_mine}};
}

RunArrangement arrangement_from_json(const nlohmann::json& json) {
    RunArrangement arrangement;
    if (!json.is_object()) return arrangement;
    const auto order = text_of(json, "order");
    const auto choice = std::ranges::find(order_choices, order, &OrderChoice::id);
    if (choice != order_choices.end()) arrangement.order = choice->order;
    const auto mine = json.find("onlyMine");
    arrangement.only_mine = mine != json.end() && *mine == true;
    return arrangement;
}

}  // namespace aml::tree
