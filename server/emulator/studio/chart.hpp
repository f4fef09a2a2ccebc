#pragma once

#include <string>
#include <vector>

namespace aml::emulator {

struct ChartPoint {
    double x = 0;
    double y = 0;
};

/// A number for people: four significant digits, without useless zeros; whole up to ten million.
std::string short_number(double value);

/// A line chart as an SVG element that fits its container's width and takes its colours from the
/// page. Points that are not finite leave a gap; "" when no point is left.
std::string line_chart(const std::vector<ChartPoint>& points);

}  // namespace aml::emulator
