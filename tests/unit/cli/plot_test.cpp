#include "cli/plot.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

using namespace aml;
using cli::plot;

namespace {

series::Series line_of(const std::vector<double>& values) {
    series::Series series;
    for (const double value : values) series.append({.value = value});
    return series;
}

}  // namespace

TEST_CASE("a line that rises goes from the lower left to the upper right") {
    const auto lines = plot(line_of({0, 1, 2, 3, 4, 5, 6, 7}), 4, 2);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0] == "7 ┤⠀⢀⡴⠋");
    CHECK(lines[1] == "0 ┤⡴⠋⠀⠀");
    CHECK(lines[2] == "   0  7");
}

TEST_CASE("a line that stays lies in the middle, and one point is a dot") {
    CHECK(plot(line_of({5, 5}), 2, 1).front() == "5 ┤⠒⠒");
    CHECK(plot(line_of({3}), 1, 1).front() == "3 ┤⠐");
}

TEST_CASE("what is no number breaks the line, and nothing but that draws nothing") {
    const auto not_a_number = std::numeric_limits<double>::quiet_NaN();
    const auto lines = plot(line_of({1, not_a_number, not_a_number, not_a_number, 1}), 3, 1);
    CHECK(lines.front() == "1 ┤⠂⠀⠐");
    CHECK(plot(line_of({not_a_number}), 3, 1).empty());
    CHECK(plot({}, 3, 1).empty());
}

TEST_CASE("a spike among many points is drawn from the bottom to the top") {
    std::vector<double> values(100'000, 0.0);
    values[50'000] = 1;
    const auto lines = plot(line_of(values), 20, 3);
    REQUIRE(lines.size() == 4);
    // In one letter of each line; the rest of the last line is the bottom.
    for (std::size_t row = 0; row < 2; ++row) {
        CAPTURE(lines[row]);
        CHECK(lines[row].find("⡇") != lines[row].find("⢸"));
    }
    CHECK(lines[0].find("⣀") == std::string::npos);
    CHECK(lines[2].find("⣀⣀⣀") != std::string::npos);
}
