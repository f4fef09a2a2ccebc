#include "studio/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace aml::emulator {

namespace {

// Drawing area in SVG units; the labels stand around it, of eleven digits and signs at most.
constexpr double width = 400;
constexpr double height = 160;
constexpr double left = 80;
constexpr double right = 388;
constexpr double top = 12;
constexpr double bottom = 138;

struct Scale {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    void include(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }

    // Halves first: the ends may be as far apart as numbers can be.
    double part(double value) const {
        const double span = high / 2 - low / 2;
        return span > 0 ? (value / 2 - low / 2) / span : 0.5;
    }
};

bool is_finite(const ChartPoint& point) {
    return std::isfinite(point.x) && std::isfinite(point.y);
}

std::string label(double x, double y, const char* anchor, double value) {
    return fmt::format(
        "<text x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>", x, y, anchor, short_number(value));
}

}  // namespace

std::string short_number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "\xE2\x88\x9E" : "-\xE2\x88\x9E";
    const auto size = std::abs(value);
    return size >= 9999.5 && size < 1e7 ? fmt::format("{:.0f}", value)
                                        : fmt::format("{:.4g}", value);
}

std::string line_chart(const std::vector<ChartPoint>& points) {
    Scale horizontal;
    Scale vertical;
    for (const auto& point : points) {
        if (!is_finite(point)) continue;
        horizontal.include(point.x);
        vertical.include(point.y);
    }
    if (horizontal.low > horizontal.high) return {};
    std::string path;
    std::string dots;
    bool drawing = false;
    for (const auto& point : points) {
        if (!is_finite(point)) {
            drawing = false;
            continue;
        }
        const double x = left + horizontal.part(point.x) * (right - left);
        const double y = bottom - vertical.part(point.y) * (bottom - top);
        path += fmt::format("{}{:.1f} {:.1f}", drawing ? "L" : "M", x, y);
        if (points.size() <= 40)
            dots += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.5\"/>", x, y);
        drawing = true;
    }
    auto svg = fmt::format(
        "<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\">"
        "<path class=\"axis\" d=\"M{} {}V{}H{}\"/><path class=\"line\" d=\"{}\"/>{}",
        width,
        height,
        left,
        top,
        bottom,
        right,
        path,
        dots);
    svg += label(left - 6, top + 4, "end", vertical.high);
    if (vertical.low < vertical.high) svg += label(left - 6, bottom, "end", vertical.low);
    svg += label(left, height - 6, "start", horizontal.low);
    if (horizontal.low < horizontal.high) svg += label(right, height - 6, "end", horizontal.high);
    return svg + "</svg>";
}

}  // namespace aml::emulator
