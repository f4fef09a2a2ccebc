#include "azure/resource_id.hpp"
#include "support/error_of.hpp"
#include "views/run_filter_text.hpp"
#include "views/run_order.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <string>
#include <vector>

using namespace aml;
using namespace aml::views;
using namespace std::chrono_literals;

namespace {

const async::Clock::TimePoint first_day{std::chrono::sys_days(std::chrono::year{2026} / 11 / 1)};

/// Runs a to e, each a day newer than the one before.
struct RowsFixture {
    RowsFixture() {
        add("a", "Completed", {{"accuracy", 0.5}}, {{"lr", "0.1"}, {"model", "Big Net"}});
        add("b", "Completed", {{"accuracy", 0.9}}, {{"lr", "0.01"}, {"model", "small"}});
        add("c", "Failed", {}, {{"lr", "0.1"}, {"model", "small"}});
        add("d",
            "Completed",
            {{"accuracy", std::numeric_limits<double>::quiet_NaN()}},
            {{"lr", "1"}, {"model", "and"}});
        add("e", "Running", {{"accuracy", 0.7}}, {{"lr", "10"}, {"model", "small"}});
    }

    void add(const std::string& name,
             const std::string& status,
             std::map<std::string, double> metrics,
             std::map<std::string, std::string> parameters) {
        runs::RunSnapshot run;
        run.job = *azure::ResourceId::parse(
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/"
            "workspaces/w/jobs/" +
            name);
        run.status = status;
        run.created_at = first_day + 24h * table.size();
        table.put(run);
        table.put(azure::LoggedRun{
            .run_id = name, .metrics = std::move(metrics), .parameters = std::move(parameters)});
    }

    std::string names_of(const std::vector<std::size_t>& rows) const {
        std::string names;
        for (const auto row : rows) names += table.run(row).job.name();
        return names;
    }

    std::string matching(const std::string& filter) const {
        return names_of(matching_rows(table, parse_filter(filter)));
    }

    std::string sorted(const std::vector<SortKey>& keys) const {
        return names_of(sorted_rows(table, matching_rows(table, {}), keys));
    }

    RunTable table{};
};

std::string filter_problem(const std::string& filter, const RunTable& table = {}) {
    return test::error_of([&] { matching_rows(table, parse_filter(filter)); }).message();
}

}  // namespace

TEST_CASE_FIXTURE(RowsFixture, "rows are found by what columns hold") {
    CHECK(matching("") == "abcde");
    CHECK(matching("accuracy > 0.6") == "be");
    CHECK(matching("accuracy>=0.5 and status = completed") == "ab");
    CHECK(matching("lr = 0.10") == "ac");
    CHECK(matching("lr != 0.1") == "bde");
    CHECK(matching("accuracy != 0.5") == "bcde");
    CHECK(matching("metrics.accuracy < 0.9") == "ae");
    CHECK(matching("model = \"big net\"") == "a");
    CHECK(matching("model ~ BIG") == "a");
    CHECK(matching("model == \"and\"") == "d");
    CHECK(matching("submitted >= 2026-11-04") == "de");
}

TEST_CASE_FIXTURE(RowsFixture, "words without a sign are looked for in all that is text") {
    CHECK(matching("small") == "bce");
    CHECK(matching("small failed") == "c");
    CHECK(matching("\"big net\"") == "a");
    CHECK(matching("small and accuracy > 0.8") == "b");
    CHECK(matching("nowhere").empty());
}

TEST_CASE_FIXTURE(RowsFixture, "a filter that means nothing says why") {
    CHECK(filter_problem("none > 1", table).find("There is no column none") == 0);
    CHECK(filter_problem("accuracy > high", table) == "accuracy has numbers, and high is none.");
    CHECK(filter_problem("accuracy >").find("Write a column before >") == 0);
    CHECK(filter_problem("> 3").find("Write a column before >") == 0);
    CHECK(filter_problem("a > 3 4").find("Write a column before >") == 0);
    CHECK(filter_problem("and a").find("Nothing stands before") == 0);
    CHECK(filter_problem("a and").find("Nothing stands after") == 0);
    CHECK(filter_problem("a = \"b").find("The text “b” has no closing quote") == 0);
}

TEST_CASE_FIXTURE(RowsFixture, "rows without a value come last in either order") {
    CHECK(sorted({}) == "edcba");
    CHECK(sorted({{.column = "metrics.accuracy"}}) == "aebdc");
    CHECK(sorted({{.column = "accuracy", .descending = true}}) == "beadc");
    CHECK(sorted({{.column = "lr"}}) == "bcade");
    CHECK(sorted({{.column = "model"}}) == "daecb");
    CHECK(sorted({{.column = "model"}, {.column = "accuracy"}}) == "daebc");
    CHECK(sorted({{.column = "nothing"}}) == "edcba");
}

TEST_CASE_FIXTURE(RowsFixture, "a run that Azure does not know yet is the newest") {
    runs::RunSnapshot run;
    run.job = table.run(0).job.workspace().child("jobs", "f");
    table.put(run);
    CHECK(sorted({}) == "fedcba");
    CHECK(sorted({{.column = "submitted"}}) == "abcdef");
}

TEST_CASE_FIXTURE(RowsFixture, "starred runs are found by the word") {
    CHECK(matching("starred") == "");
    table.set_starred({"b", "e", "nowhere"});
    CHECK(matching("starred") == "be");
    CHECK(matching("Starred and status = Completed") == "b");
    CHECK(sorted({{.column = "starred"}}) == "ebdca");
    const auto before = table.revision();
    table.set_starred({"b", "e", "nowhere"});
    CHECK(table.revision() == before);
    table.set_starred({"e"});
    CHECK(table.revision() > before);
    CHECK(matching("starred") == "e");
    add("nowhere", "Running", {}, {});
    table.set_starred({"late"});
    add("late", "Running", {}, {});
    CHECK(matching("starred") == "late");
}

TEST_CASE_FIXTURE(RowsFixture, "pinned runs come first, in their order, if they match") {
    const std::vector<std::string> pinned{"d", "nowhere", "b"};
    CHECK(names_of(pinned_first(table, {0, 1, 2, 3, 4}, pinned)) == "dbace");
    CHECK(names_of(pinned_first(table, {4, 1}, pinned)) == "be");
    CHECK(names_of(pinned_first(table, {4, 1}, {})) == "eb");
}
