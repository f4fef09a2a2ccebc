#include "tree/run_arrangement.hpp"

#include "support/chinese.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace aml;
using namespace aml::tree;
using runs::RunGroup;

namespace {

TreeNode row(const std::string& label,
             std::int64_t created_at,
             RunGroup group,
             std::optional<double> metric = {}) {
    TreeNode node{.id = label, .label = label};
    node.run = RunKey{.created_at = created_at, .group = group, .metric = metric};
    return node;
}

std::string arranged(RunOrder order) {
    std::vector<TreeNode> rows{row("d", 4, RunGroup::Completed, 0.7),
                               row("C", 3, RunGroup::Failed),
                               row("b", 2, RunGroup::Completed, 0.9),
                               row("a", 1, RunGroup::Unfinished, 0.8),
                               TreeNode{.id = "more", .label = "…"}};
    arrange(rows, order);
    std::string labels;
    for (const auto& one : rows) labels += one.label;
    return labels;
}

}  // namespace

TEST_CASE("runs are put in the order that is wanted, and what is no run stays at the end") {
    CHECK(arranged(RunOrder::Newest) == "dCba…");
    CHECK(arranged(RunOrder::Oldest) == "abCd…");
    CHECK(arranged(RunOrder::Name) == "abCd…");
    CHECK(arranged(RunOrder::State) == "aCdb…");
    CHECK(arranged(RunOrder::HighestMetric) == "badC…");
    CHECK(arranged(RunOrder::LowestMetric) == "dabC…");
}

TEST_CASE("an arrangement survives the disk, and nonsense is the usual one") {
    for (const auto& choice : order_choices) {
        const RunArrangement arrangement{.order = choice.order, .only_mine = true};
        CHECK(arrangement_from_json(to_json(arrangement)) == arrangement);
    }
    CHECK(arrangement_from_json(nullptr) == RunArrangement{});
    CHECK(arrangement_from_json({{"order", "shuffled"}, {"onlyMine", 7}}) == RunArrangement{});
}

TEST_CASE("an arrangement is said in words") {
    CHECK(summary(RunArrangement{}).empty());
    CHECK(summary({.order = RunOrder::Name}) == "By name");
    CHECK(summary({.only_mine = true}) == "Only mine");
    CHECK(summary({.order = RunOrder::Oldest, .only_mine = true}) == "Oldest first · only mine");
    const test::Chinese chinese;
    CHECK(summary({.order = RunOrder::Oldest, .only_mine = true}) == "最早的在前 · 仅我的");
}
