#include "series/window.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

using namespace aml::series;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// One value at each step from 0 on.
Series steps_of(const std::vector<double>& values) {
    Series series;
    double step = 0;
    for (const double value : values) series.append({.step = step++, .value = value});
    return series;
}

std::vector<double> waves(std::size_t count) {
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(std::sin(static_cast<double>(i)));
    return values;
}

}  // namespace

TEST_CASE("a window shows every point where there is room") {
    const auto series = steps_of({5, 4, 3});
    const auto shown = window(series, {.width = 100});
    CHECK(shown.line.x == std::vector<double>{0, 1, 2});
    CHECK(shown.line.y == std::vector<double>{5, 4, 3});
    CHECK(shown.in_range == 3);
    CHECK(shown.drawn == 3);
    CHECK_FALSE(shown.gap);
    CHECK_FALSE(shown.smooth);
}

TEST_CASE("a window of a part has the neighbours, so that the line enters and leaves it") {
    const auto series = steps_of({0, 10, 20, 30, 40});
    const auto shown = window(series, {.from = 1.5, .to = 2.5, .width = 100});
    CHECK(shown.line.x == std::vector<double>{1, 2, 3});
    CHECK(shown.in_range == 1);
    CHECK(shown.drawn == 1);
}

TEST_CASE("a window between two points, and one beside all, has only neighbours") {
    const auto series = steps_of({0, 10});
    CHECK(window(series, {.from = 0.2, .to = 0.4, .width = 10}).line.x ==
          std::vector<double>{0, 1});
    const auto beside = window(series, {.from = 7, .to = 9, .width = 10});
    CHECK(beside.line.x == std::vector<double>{1});
    CHECK(beside.in_range == 0);
    CHECK(beside.drawn == 0);
    CHECK(window(series, {.from = 3, .to = 1, .width = 10}).in_range == 0);
}

TEST_CASE("many points become at most four a pixel column, and no spike is lost") {
    auto values = waves(100'000);
    values[54'321] = 1000;
    values[12'345] = -1000;
    const auto series = steps_of(values);
    constexpr std::size_t width = 200;
    const auto shown = window(series, {.width = width});
    CHECK(shown.in_range == values.size());
    CHECK(shown.drawn == shown.line.x.size());
    CHECK(std::is_sorted(shown.line.x.begin(), shown.line.x.end()));
    CHECK(std::ranges::max(shown.line.y) == 1000);
    CHECK(std::ranges::min(shown.line.y) == -1000);
    CHECK(shown.line.x.front() == 0);
    CHECK(shown.line.x.back() == 99'999);
    std::map<std::size_t, int> in_columns;
    for (const double x : shown.line.x)
        ++in_columns[std::min(static_cast<std::size_t>(x / 99'999 * width), width - 1)];
    CHECK(in_columns.size() == width);
    for (const auto& [column, count] : in_columns) {
        CAPTURE(column);
        CHECK(count <= 4);
    }
}

TEST_CASE("a line leaves a pixel column where its last point is, unless it enters the next") {
    Series series;
    // A peak in a column that half of the plot's width without points follows.
    for (double i = 0; i < 100; ++i) series.append({.step = i, .value = i == 98 ? 10 : 0.1 * i});
    for (double i = 200; i < 300; ++i) series.append({.step = i, .value = 0});
    const auto shown = window(series, {.width = 3});
    const std::vector<double> left{0, 98, 99};
    CHECK(std::vector<double>(shown.line.x.begin(), shown.line.x.begin() + 3) == left);

    // 27 points a column: three of each are enough.
    CHECK(window(steps_of(waves(33'333)), {.width = 1200}).drawn < 3 * 1200 + 2);
}

TEST_CASE("points in one place fill one column") {
    Series series;
    for (double i = 0; i < 1000; ++i) series.append({.step = 7.0, .value = i});
    const auto shown = window(series, {.width = 10});
    CHECK(shown.line.y == std::vector<double>{0, 999});
}

TEST_CASE("what is no number breaks the line and is told") {
    const auto series = steps_of({1, not_a_number, infinity, 2});
    const auto shown = window(series, {.width = 100});
    CHECK(shown.line.y[0] == 1);
    CHECK(std::isnan(shown.line.y[1]));
    CHECK(std::isnan(shown.line.y[2]));
    REQUIRE(shown.gap);
    CHECK(shown.gap->x == 1);
    CHECK(std::isnan(shown.gap->value));
    CHECK(shown.gap->count == 2);
    CHECK_FALSE(shown.gap->to_the_end);
}

TEST_CASE("a line that breaks for good says so") {
    const auto breaks = window(steps_of({1, 2, not_a_number, not_a_number}), {.width = 100});
    REQUIRE(breaks.gap);
    CHECK(breaks.gap->x == 2);
    CHECK(breaks.gap->to_the_end);
    const auto returns = window(steps_of({not_a_number, 2, not_a_number}), {.width = 100});
    REQUIRE(returns.gap);
    CHECK_FALSE(returns.gap->to_the_end);
    const auto only = window(steps_of({not_a_number, not_a_number}), {.width = 100});
    CHECK(only.gap->to_the_end);
    CHECK(only.drawn == 2);
}

TEST_CASE("a break is shown also where there is no room for every point") {
    auto values = waves(10'000);
    values[5000] = not_a_number;
    const auto shown = window(steps_of(values), {.width = 100});
    CHECK(std::ranges::any_of(shown.line.y, [](double y) { return std::isnan(y); }));
}

TEST_CASE("only what follows the known points is given, while every point is shown") {
    auto series = steps_of({1, 2, 3});
    series.append({.step = 3.0, .value = 4});
    const auto grown = window(series, {.width = 100, .known = 3});
    CHECK(grown.first == 3);
    CHECK(grown.line.y == std::vector<double>{4});
    CHECK(grown.drawn == 4);

    series.append({.step = 0.5, .value = 9});
    const auto changed = window(series, {.width = 100, .known = 3});
    CHECK(changed.first == 0);
    CHECK(changed.line.y == std::vector<double>{1, 9, 2, 3, 4});

    const auto zoomed = window(steps_of({1, 2, 3}), {.from = 1, .width = 100, .known = 2});
    CHECK(zoomed.first == 0);
    const auto thinned = window(steps_of(waves(10'000)), {.width = 100, .known = 2});
    CHECK(thinned.first == 0);
    CHECK(window(steps_of({1}), {.width = 100, .known = 5}).first == 0);
}

TEST_CASE("a smoothed line starts at the first value and looks over all points") {
    const auto shown = window(steps_of({4, 0, not_a_number, 0}), {.width = 100, .smoothing = 0.5});
    REQUIRE(shown.smooth);
    CHECK(shown.smooth->y[0] == doctest::Approx(4));
    CHECK(shown.smooth->y[1] == doctest::Approx(4.0 / 3));
    CHECK(std::isnan(shown.smooth->y[2]));
    CHECK(shown.smooth->y[3] == doctest::Approx(4.0 / 7));
    const auto part = window(steps_of({4, 0, 0, 0}), {.from = 3, .width = 100, .smoothing = 0.5});
    CHECK(part.smooth->y.back() == doctest::Approx(4.0 / 15));
}

TEST_CASE("a series without points is an empty window") {
    const auto shown = window({}, {.width = 100, .smoothing = 0.5});
    CHECK(shown.line.x.empty());
    CHECK(shown.in_range == 0);
}
