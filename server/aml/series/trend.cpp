#include "series/trend.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace aml::series {
namespace {

/// Less of the whole range is no direction.
constexpr double least_change = 0.02;

std::optional<double> mean(std::span<const double> values) {
    double sum = 0;
    std::size_t count = 0;
    for (const auto value : values) {
        if (!std::isfinite(value)) continue;
        sum += value;
        ++count;
    }
    if (count == 0) return std::nullopt;
    return sum / static_cast<double>(count);
}

Direction direction_of(std::span<const double> values, double range) {
    const auto quarter = std::max<std::size_t>(values.size() / 4, 1);
    if (values.size() < 2 * quarter || range <= 0) return Direction::Steady;
    const auto now = mean(values.last(quarter));
    const auto before = mean(values.last(2 * quarter).first(quarter));
    if (!now || !before) return Direction::Steady;
    const auto change = (*now - *before) / range;
    if (std::abs(change) < least_change) return Direction::Steady;
    return change > 0 ? Direction::Rising : Direction::Falling;
}

}  // namespace

std::optional<Trend> trend_of(const Line& line) {
    if (line.y.empty()) return std::nullopt;
    Trend trend{.last = line.y.back()};
    for (std::size_t i = 0; i < line.y.size(); ++i) {
        const auto value = line.y[i];
        if (!std::isfinite(value)) continue;
        if (!trend.lowest || value < trend.lowest->value) trend.lowest = {line.x[i], value};
        if (!trend.highest || value > trend.highest->value) trend.highest = {line.x[i], value};
    }
    if (trend.lowest)
        trend.direction = direction_of(line.y, trend.highest->value - trend.lowest->value);
    return trend;
}

}  // namespace aml::series
