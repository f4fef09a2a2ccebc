#include "views/run_table.hpp"

#include "azure/resource_id.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace aml;
using namespace aml::views;
using namespace std::chrono_literals;

namespace {

const async::Clock::TimePoint monday{std::chrono::sys_days(std::chrono::year{2026} / 11 / 30)};

runs::RunSnapshot table_run(const std::string& name, const std::string& status) {
    runs::RunSnapshot run;
    run.job = *azure::ResourceId::parse(
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/"
        "w/jobs/" +
        name);
    run.status = status;
    run.created_at = monday;
    return run;
}

std::vector<std::string> ids_of(const RunTable& table) {
    std::vector<std::string> ids;
    for (const auto* column : table.columns()) {
        if (column->group() != ColumnGroup::Run) ids.push_back(column->id());
    }
    return ids;
}

}  // namespace

TEST_CASE("what was logged stands beside the run, whichever comes first") {
    RunTable table;
    table.put(azure::LoggedRun{.run_id = "b", .metrics = {{"loss", 0.5}}});
    CHECK(table.size() == 0);
    table.put(table_run("a", "Completed"));
    table.put(table_run("b", "Running"));
    table.put(azure::LoggedRun{
        .run_id = "a", .metrics = {{"accuracy", 0.9}}, .parameters = {{"lr", "0.1"}}});
    CHECK(ids_of(table) ==
          std::vector<std::string>{"metrics.accuracy", "metrics.loss", "params.lr"});
    CHECK(table.column("loss")->text(*table.find("b")) == "0.5");
    CHECK_FALSE(table.column("loss")->has(*table.find("a")));
    CHECK(table.column("params.lr")->text(*table.find("a")) == "0.1");
    CHECK(table.column("nothing") == nullptr);
}

TEST_CASE("a trial is called by its number and has its hyperparameters in columns") {
    RunTable table;
    auto trial = table_run("sweep_7", "Completed");
    trial.display_name = "sweep_7";
    trial.parameters = {{"depth", "5"}, {"lr", "0.1"}};
    table.put(trial);
    table.put(table_run("alone", "Completed"));
    CHECK(ids_of(table) == std::vector<std::string>{"params.depth", "params.lr"});
    CHECK(table.column("params.lr")->text(*table.find("sweep_7")) == "0.1");
    CHECK(table.column("name")->text(*table.find("sweep_7")) == "7: depth 5, lr 0.1");
    CHECK(table.column("name")->text(*table.find("alone")) == "alone");
}

TEST_CASE("a name that two columns have means neither") {
    RunTable table;
    table.put(table_run("a", "Completed"));
    table.put(azure::LoggedRun{.run_id = "a", .metrics = {{"x", 1}}, .tags = {{"x", "t"}}});
    CHECK(table.column("x") == nullptr);
    CHECK(table.column("tags.x")->text(0) == "t");
}

TEST_CASE("a run that says the same changes nothing, and one that changed does") {
    RunTable table;
    table.put(table_run("a", "Running"));
    const auto revision = table.revision();
    table.put(table_run("a", "Running"));
    CHECK(table.revision() == revision);
    const azure::LoggedRun logged{
        .run_id = "a", .metrics = {{"x", 1}, {"n", std::nan("")}}, .parameters = {{"lr", "1"}}};
    table.put(logged);
    const auto with_metrics = table.revision();
    CHECK(with_metrics > revision);
    table.put(logged);
    CHECK(table.revision() == with_metrics);
    auto over = table_run("a", "Completed");
    over.started_at = monday + 10s;
    over.ended_at = monday + 75s;
    table.put(over);
    CHECK(table.revision() > revision);
    CHECK(table.size() == 1);
    CHECK(table.column("duration")->text(0) == "1 min 5 s");
    CHECK(table.column("submitted")->text(0) == "2026-11-30 00:00:00 UTC");
    CHECK(table.column("status")->text(0) == "Completed");
}

TEST_CASE("parameters that are all numbers are numbers") {
    RunTable table;
    table.put(table_run("a", "Completed"));
    table.put(table_run("b", "Completed"));
    table.put(azure::LoggedRun{.run_id = "a", .parameters = {{"depth", "10"}, {"mode", "3"}}});
    table.put(azure::LoggedRun{.run_id = "b", .parameters = {{"depth", "9"}, {"mode", "fast"}}});
    CHECK(table.column("depth")->kind() == ColumnKind::Number);
    CHECK(table.column("depth")->number(1) == 9);
    CHECK(table.column("mode")->kind() == ColumnKind::Text);
    table.put(azure::LoggedRun{.run_id = "b", .parameters = {{"mode", "4"}}});
    CHECK(table.column("mode")->kind() == ColumnKind::Number);
}

TEST_CASE("a column varies when runs have it differently, or not at all") {
    RunTable table;
    for (const auto* name : {"a", "b", "c"}) table.put(table_run(name, "Completed"));
    const auto not_a_number = std::numeric_limits<double>::quiet_NaN();
    for (const auto* name : {"a", "b", "c"})
        table.put(azure::LoggedRun{.run_id = name,
                                   .metrics = {{"same", 1}, {"nan", not_a_number}},
                                   .tags = {{"team", "x"}}});
    table.put(azure::LoggedRun{.run_id = "c", .metrics = {{"rare", 1}, {"other", 2}}});
    table.put(azure::LoggedRun{.run_id = "a", .metrics = {{"other", 2}}});
    CHECK_FALSE(table.column("same")->varies(3));
    CHECK_FALSE(table.column("nan")->varies(3));
    CHECK_FALSE(table.column("team")->varies(3));
    CHECK(table.column("rare")->varies(3));
    CHECK(table.column("other")->varies(3));
    CHECK(table.column("name")->varies(3));
    CHECK_FALSE(table.column("compute")->varies(3));
}
