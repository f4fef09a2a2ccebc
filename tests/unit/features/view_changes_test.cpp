#include "features/view_changes.hpp"

#include "protocol/protocol.gen.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

using namespace aml;
using namespace aml::features;
using nlohmann::json;

TEST_CASE("what is different between two pages is told by fields, and by items of a name") {
    const json before{
        {"revision", 1},
        {"status", "Running"},
        {"problem", "offline"},
        {"files", {{{"path", "a"}}}},
        {"stages", {{{"name", "run"}}}},
        {"metrics", {{{"name", "accuracy"}, {"value", "1"}}, {{"name", "loss"}, {"value", "2"}}}}};
    CHECK(changes_between(before, before).fields.empty());
    CHECK(changes_between(before, before).items.empty());

    auto after = before;
    after["revision"] = 2;
    after["status"] = "Completed";
    after.erase("problem");
    after["failure"] = {{"title", "x"}};
    after["files"].push_back({{"path", "b"}});
    after["metrics"][1]["value"] = "3";
    after["stages"].push_back({{"name", "end"}});
    const auto changes = changes_between(before, after);
    CHECK(changes.fields == json{{"status", "Completed"},
                                 {"problem", nullptr},
                                 {"failure", {{"title", "x"}}},
                                 {"files", after["files"]},
                                 {"stages", after["stages"]}});
    CHECK(changes.items == json{{"metrics", {{"loss", {{"name", "loss"}, {"value", "3"}}}}}});

    // Two of a name are not told apart.
    auto twice = before;
    twice["metrics"][1]["name"] = "accuracy";
    auto changed = twice;
    changed["metrics"][0]["value"] = "5";
    CHECK(changes_between(twice, changed).fields["metrics"] == changed["metrics"]);
    CHECK(changes_between(twice, changed).items.empty());
}

TEST_CASE("what a page is told while its run goes on is small") {
    const std::string job =
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/my-group/providers/"
        "Microsoft.MachineLearningServices/workspaces/my-workspace/jobs/quiet_bean_0123456789";
    protocol::RunView view{.id = job, .revision = 1'780'000'000'001};
    view.nodeId = "run:" + job;
    view.title = view.name = "quiet_bean_0123456789";
    view.portalUrl = "https://ml.azure.com/runs/quiet_bean_0123456789?wsid=" + job;
    view.configuration = std::string(3'000, 'x');
    for (int i = 0; i < 30; ++i) {
        view.parameters.push_back({fmt::format("parameter {}", i), "0.001"});
        view.files.push_back({fmt::format("outputs/checkpoints/model-{:05}.pt", i)});
        protocol::RunMetric metric{.name = fmt::format("validation/metric_{}", i),
                                   .kind = "scalar"};
        metric.value = "0.123456";
        metric.columns = {metric.name};
        view.metrics.push_back(std::move(metric));
    }
    auto next = view;
    ++next.revision;
    for (std::size_t i = 0; i < 6; ++i) {
        next.metrics[i].value = "0.234567";
        ++next.metrics[i].revision;
    }
    const auto before = protocol::encode(view);
    const auto changes = changes_between(before, protocol::encode(next));
    protocol::RunsViewChangesResult told{.revision = next.revision};
    told.changes = changes.fields;
    told.items = changes.items;
    CHECK(before.dump().size() > 9'000);
    CHECK(changes.fields.empty());
    CHECK(protocol::encode(told).dump().size() < 1'000);
}
