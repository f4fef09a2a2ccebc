#include "series/series.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <vector>

using namespace aml::series;

namespace {

Series series_of(const std::vector<Point>& points) {
    Series series;
    for (const auto& point : points) series.append(point);
    return series;
}

}  // namespace

TEST_CASE("a line goes from left to right whatever the order of the steps") {
    auto series = series_of({{.step = 3, .time = 10, .value = 0.3},
                             {.step = 1, .time = 11, .value = 0.1},
                             {.step = 3, .time = 12, .value = 0.4}});
    CHECK(series.line(Axis::Step).x == std::vector<double>{1, 3, 3});
    CHECK(series.line(Axis::Step).y == std::vector<double>{0.1, 0.3, 0.4});
    CHECK_FALSE(series.grows_at_end(Axis::Step));
    CHECK(series.line(Axis::Time).y == std::vector<double>{0.3, 0.1, 0.4});
    CHECK(series.grows_at_end(Axis::Time));

    series.append({.step = 2, .time = 13, .value = 0.2});
    CHECK(series.line(Axis::Step).y == std::vector<double>{0.1, 0.2, 0.3, 0.4});
    CHECK(series.line(Axis::Elapsed).x == std::vector<double>{0, 1, 2, 3});
}

TEST_CASE("points without a step are counted") {
    const auto series = series_of({{.time = 5, .value = 1},
                                   {.time = 6, .value = 2},
                                   {.step = std::numeric_limits<double>::quiet_NaN(), .value = 3}});
    CHECK(series.line(Axis::Step).x == std::vector<double>{0, 1, 2});
}

TEST_CASE("a series without points has an empty line on every axis") {
    const Series series;
    CHECK(series.line(Axis::Step).x.empty());
    CHECK(series.line(Axis::Elapsed).x.empty());
    CHECK(series.grows_at_end(Axis::Step));
}

TEST_CASE("steps that are all 0 are none, until one is not") {
    Series series;
    series.append({.step = 0, .time = 1, .value = 5});
    CHECK(series.point(0).step == 0);
    series.append({.step = 0, .time = 2, .value = 4});
    CHECK(series.line(Axis::Step).x == std::vector<double>{0, 1});
    CHECK_FALSE(series.point(0).step);
    CHECK(series.grows_at_end(Axis::Step));
    series.append({.step = 1, .time = 3, .value = 3});
    CHECK(series.line(Axis::Step).x == std::vector<double>{0, 0, 1});
    CHECK(series.line(Axis::Step).y == std::vector<double>{5, 4, 3});
    CHECK(series.point(1).step == 0);
    CHECK_FALSE(series.grows_at_end(Axis::Step));
}
