#include "series/trend.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <utility>
#include <vector>

using namespace aml::series;

namespace {

Line line_of(std::vector<double> values) {
    Line line{.y = std::move(values)};
    for (std::size_t i = 0; i < line.y.size(); ++i) line.x.push_back(static_cast<double>(10 * i));
    return line;
}

Direction direction_of(std::vector<double> values) {
    return trend_of(line_of(std::move(values)))->direction;
}

}  // namespace

TEST_CASE("a trend has the last value and the first places of the extremes") {
    const auto trend = trend_of(line_of({0.5, 0.9, 0.1, 0.9, 0.1, 0.8}));
    REQUIRE(trend);
    CHECK(trend->last == 0.8);
    CHECK(trend->highest->value == 0.9);
    CHECK(trend->highest->x == 10);
    CHECK(trend->lowest->value == 0.1);
    CHECK(trend->lowest->x == 20);
    CHECK_FALSE(trend_of(Line{}));
}

TEST_CASE("the direction is that of the last quarter") {
    CHECK(direction_of({0, 1, 2, 3, 4, 5, 6, 7}) == Direction::Rising);
    CHECK(direction_of({7, 6, 5, 4, 3, 2, 1, 0}) == Direction::Falling);
    CHECK(direction_of({0, 5, 9, 10, 10, 10, 10, 10}) == Direction::Steady);
    CHECK(direction_of({0, 9, 3, 8, 7, 7, 2, 2}) == Direction::Falling);
    CHECK(direction_of({1, 2}) == Direction::Rising);
    CHECK(direction_of({1}) == Direction::Steady);
    CHECK(direction_of({3, 3, 3, 3}) == Direction::Steady);
}

TEST_CASE("what is no number is in no mean and no extreme") {
    const auto trend = trend_of(line_of({1, 2, std::nan(""), 3, std::nan(""), std::nan("")}));
    REQUIRE(trend);
    CHECK(trend->last != trend->last);
    CHECK(trend->highest->value == 3);
    CHECK(trend->direction == Direction::Steady);
    const auto none = trend_of(line_of({std::nan(""), std::nan("")}));
    REQUIRE(none);
    CHECK_FALSE(none->lowest);
    CHECK(direction_of({0, 1, 2, 3, 4, std::nan(""), 6, 7}) == Direction::Rising);
}
