#include "views/charts.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml::views;

namespace {

using Numbers = std::vector<double>;

}  // namespace

TEST_CASE("a confusion matrix has a row for each class") {
    const auto charts = charts_in(R"({"schema_type": "confusion_matrix", "schema_version": "1.0.0",
        "data": {"class_labels": ["no", 1], "matrix": [[3, 1], [0, 4]]}})");
    REQUIRE(charts.size() == 1);
    CHECK(charts[0].kind == ChartKind::Matrix);
    CHECK(charts[0].x_title == "Predicted");
    CHECK(charts[0].y_title == "True");
    REQUIRE(charts[0].lines.size() == 2);
    CHECK(charts[0].lines[0] == ChartLine{.name = "no", .y = {3, 1}});
    CHECK(charts[0].lines[1] == ChartLine{.name = "1", .y = {0, 4}});
}

TEST_CASE("an accuracy table becomes the curves of each class, without points that are nowhere") {
    const auto charts = charts_in(R"({"schema_type": "accuracy_table", "data": {
        "class_labels": ["a"], "probability_tables": [[[8, 4, 0, 0], [6, 1, 3, 2], [0, 0, 4, 8]]],
        "percentile_tables": []}})");
    REQUIRE(charts.size() == 2);
    CHECK(charts[0].title == "ROC curve");
    CHECK(charts[0].lines[0] == ChartLine{.name = "a", .x = {1, 0.25, 0}, .y = {1, 0.75, 0}});
    CHECK(charts[1].title == "Precision and recall");
    CHECK(charts[1].lines[0].x == Numbers{1, 0.75});
    CHECK(charts[1].lines[0].y == Numbers{8.0 / 12, 6.0 / 7});
}

TEST_CASE("residuals are a histogram") {
    const auto charts = charts_in(R"({"schema_type": "residuals",
        "data": {"bin_edges": [-1, 0, 2], "bin_counts": [3, 4.5]}})");
    REQUIRE(charts.size() == 1);
    CHECK(charts[0].kind == ChartKind::Bars);
    CHECK(charts[0].lines[0] == ChartLine{.name = "Count", .x = {-1, 0, 2}, .y = {3, 4.5}});
}

TEST_CASE("predictions are averages beside what is true, and how often it is") {
    const auto charts = charts_in(R"({"schema_type": "predictions", "data": {"bin_averages":
        [0.3, 0.7], "bin_errors": [0.01, 0.02], "bin_counts": [5, 6], "bin_edges": [0, 0.5, 1]}})");
    REQUIRE(charts.size() == 2);
    REQUIRE(charts[0].lines.size() == 2);
    CHECK(charts[0].lines[0].x == Numbers{0.25, 0.75});
    CHECK(charts[0].lines[0].y == Numbers{0.3, 0.7});
    CHECK(charts[0].lines[0].spread == Numbers{0.01, 0.02});
    CHECK(charts[0].lines[1].y == Numbers{0, 1});
    CHECK(charts[1].kind == ChartKind::Bars);
}

TEST_CASE("what is no chart, or says it wrongly, has none") {
    for (
        const char* text : {
            "",
            "[]",
            R"({"schema_type")",
            R"({"schema_type": "confusion_matrix"})",
            R"({"schema_type": "forecast_table", "data": {}})",
            R"({"schema_type": 5, "data": {"class_labels": ["a"], "matrix": [[1]]}})",
            R"({"schema_type": "confusion_matrix", "data": {"class_labels": ["a", "b"], "matrix": [[1, 2]]}})",
            R"({"schema_type": "confusion_matrix", "data": {"class_labels": ["a"], "matrix": [["x"]]}})",
            R"({"schema_type": "confusion_matrix", "data": {"class_labels": ["a"], "matrix": 7}})",
            R"({"schema_type": "accuracy_table", "data": {"class_labels": ["a"], "probability_tables": [[[1, 2, 3]]]}})",
            R"({"schema_type": "residuals", "data": {"bin_edges": [1, 2], "bin_counts": [3, 4]}})",
            R"({"schema_type": "predictions", "data": {"bin_edges": [1, 2], "bin_counts": [3]}})",
        }) {
        CAPTURE(text);
        CHECK(charts_in(text).empty());
    }
}
