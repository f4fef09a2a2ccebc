#include "views/metric_history.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <string>
#include <vector>

using namespace aml;
using namespace aml::views;
using namespace std::chrono_literals;

namespace {

const async::Clock::TimePoint noon{std::chrono::sys_days(std::chrono::year{2026} / 11 / 30) + 12h};

azure::MetricRow row(int id, std::chrono::seconds after_noon, double value) {
    azure::MetricRow row{.id = fmt::format("{}", id), .step = id};
    row.created_at = noon + after_noon;
    row.data["loss"] = value;
    return row;
}

azure::Metric loss(std::vector<azure::MetricRow> rows) {
    return {.name = "loss", .columns = {{"loss", "Double"}}, .rows = std::move(rows)};
}

}  // namespace

TEST_CASE("rows that come again are known") {
    MetricHistory history;
    CHECK_FALSE(history.since());
    history.take(loss({row(0, 0s, 3), row(1, 10s, 2)}));
    CHECK(history.since() == noon + 10s - 30s);
    history.take(loss({row(0, 0s, 3), row(1, 10s, 2), row(2, 10s, 1)}));
    CHECK(history.size() == 3);
    REQUIRE(history.numbers(""));
    CHECK(history.numbers("")->line(series::Axis::Step).y == std::vector<double>{3, 2, 1});
    CHECK(history.numbers("other") == nullptr);
}

TEST_CASE("a row that comes late, from a process with another clock, is not lost") {
    MetricHistory history;
    history.take(loss({row(0, 0s, 3), row(1, 100s, 2)}));
    history.take(loss({row(1, 100s, 2), row(2, 80s, 1)}));
    CHECK(history.size() == 3);
}

TEST_CASE("rows without a name are told apart by what they say") {
    MetricHistory history;
    auto first = row(1, 0s, 5);
    auto second = row(2, 0s, 5);
    first.id.clear();
    second.id.clear();
    history.take(loss({first, second}));
    history.take(loss({first, second}));
    CHECK(history.size() == 2);
}

TEST_CASE("the rows of a scalar are its points") {
    MetricHistory history;
    auto unnumbered = row(2, 1s, std::nan(""));
    unnumbered.step.reset();
    history.take(loss({row(1, 0s, 0.123456789), unnumbered}));
    const auto table = history.rows(0, 10);
    CHECK(table.columns == std::vector<std::string>{"Step", "Time", "loss"});
    CHECK(table.total == 2);
    CHECK(table.rows[0] == std::vector<std::string>{"1", "2026-11-30T12:00:00.000Z", "0.123457"});
    CHECK(table.rows[1] == std::vector<std::string>{"", "2026-11-30T12:00:01.000Z", "NaN"});
    CHECK(history.rows(1, 1).rows.size() == 1);
    CHECK(history.rows(5, 10).rows.empty());
    CHECK(MetricHistory().rows(0, 10).rows.empty());
}

TEST_CASE("a table has a column for each name, and cells without a value are empty") {
    MetricHistory history;
    azure::MetricRow first{.id = "1"};
    first.data["count"] = 3.0;
    first.data["label"] = std::string("cat");
    azure::MetricRow second{.id = "2"};
    second.data["label"] = std::string("dog");
    history.take({.name = "t",
                  .columns = {{"label", "String"}, {"count", "Double"}},
                  .rows = {first, second}});
    const auto table = history.rows(0, 10);
    CHECK(table.columns == std::vector<std::string>{"count", "label"});
    CHECK(table.rows == std::vector<std::vector<std::string>>{{"3", "cat"}, {"", "dog"}});
    CHECK(history.numbers("") == nullptr);
    REQUIRE(history.numbers("count"));
    CHECK(history.numbers("count")->size() == 2);
}

TEST_CASE("what is logged is told by its columns") {
    CHECK(kind_of(loss({})) == MetricKind::Scalar);
    CHECK(kind_of({.name = "i", .columns = {{"i", "Int"}}}) == MetricKind::Scalar);
    CHECK(kind_of({.name = "s", .columns = {{"s", "string"}}}) == MetricKind::Text);
    CHECK(kind_of({.name = "t", .columns = {{"a", "Double"}, {"b", "Double"}}}) ==
          MetricKind::Table);
    CHECK(kind_of({.name = "p", .columns = {{"p", "Artifact"}}}) == MetricKind::File);
}

TEST_CASE("what azureml-core logs is told by what it calls it") {
    const auto kind = [](const char* type, const char* logged_as) {
        return kind_of({.name = "m", .columns = {{"m", type}}, .kind = logged_as});
    };
    CHECK(kind("Double", "azureml.v1.scalar") == MetricKind::Scalar);
    CHECK(kind("Int", "azureml.v1.list") == MetricKind::Scalar);
    CHECK(kind("String", "azureml.v1.list") == MetricKind::Table);
    CHECK(kind("Double", "azureml.v1.table") == MetricKind::Table);
    CHECK(kind("Artifact", "azureml.v1.image") == MetricKind::Picture);
    CHECK(kind("Artifact", "azureml.v2.image") == MetricKind::Picture);
    CHECK(kind("Artifact", "azureml.v2.accuracy_table") == MetricKind::Chart);
    CHECK(kind("Artifact", "azureml.v1.residuals") == MetricKind::Chart);
    CHECK(kind("Artifact", "azureml.v2.forecast_table") == MetricKind::File);
}

TEST_CASE("rows come back from bytes, and nothing from bytes that are none") {
    MetricHistory history;
    auto odd = row(2, 20s, std::nan(""));
    odd.step.reset();
    history.take(loss({row(0, 0s, 3), row(1, 10s, 2), odd}));
    const auto bytes = history.to_bytes();
    const auto again = MetricHistory::from_bytes(bytes);
    REQUIRE(again);
    CHECK(again->size() == 3);
    const auto* numbers = again->numbers("loss");
    REQUIRE(numbers);
    CHECK(numbers->line(series::Axis::Step).x == std::vector<double>{0, 1, 2});
    CHECK(numbers->line(series::Axis::Elapsed).x == std::vector<double>{0, 10, 20});
    CHECK(std::isnan(numbers->line(series::Axis::Step).y[2]));
    CHECK(again->rows(0, 9).rows == history.rows(0, 9).rows);
    CHECK(again->to_bytes() == bytes);

    MetricHistory table;
    azure::MetricRow cells{.id = "1", .step = 0};
    cells.data["label"] = std::string("a\nb");
    cells.data["score"] = 0.5;
    table.take(
        {.name = "t", .columns = {{"label", "String"}, {"score", "Double"}}, .rows = {cells}});
    const auto same = MetricHistory::from_bytes(table.to_bytes());
    REQUIRE(same);
    CHECK(same->rows(0, 9).columns == std::vector<std::string>{"label", "score"});
    CHECK(same->rows(0, 9).rows == table.rows(0, 9).rows);

    for (std::size_t size = 0; size < bytes.size(); ++size)
        CHECK_FALSE(MetricHistory::from_bytes(std::string_view(bytes).substr(0, size)));
    CHECK_FALSE(MetricHistory::from_bytes(bytes + "x"));
    CHECK_FALSE(MetricHistory::from_bytes(std::string(64, '\xFF')));
}
