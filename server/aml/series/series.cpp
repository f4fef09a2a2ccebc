#include "series/series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace aml::series {
namespace {

/// Puts the points from `begin` on among those before them, which are in order.
void sort_tail(Line& line, std::size_t begin) {
    std::vector<std::pair<double, double>> points;
    points.reserve(line.x.size());
    for (std::size_t i = 0; i < line.x.size(); ++i) points.emplace_back(line.x[i], line.y[i]);
    const auto left = [](const auto& one, const auto& other) { return one.first < other.first; };
    const auto middle = points.begin() + static_cast<std::ptrdiff_t>(begin);
    std::stable_sort(middle, points.end(), left);
    std::inplace_merge(points.begin(), middle, points.end(), left);
    for (std::size_t i = 0; i < points.size(); ++i) {
        line.x[i] = points[i].first;
        line.y[i] = points[i].second;
    }
}

}  // namespace

void Series::append(const Point& point) {
    const bool given = point.step && std::isfinite(*point.step);
    if (given && *point.step != 0 && !has_steps_) {
        has_steps_ = true;
        // What was drawn lies elsewhere now.
        if (by_step_.points > 1) by_step_ = {.in_order = false};
    }
    steps_.push_back(given ? *point.step : std::numeric_limits<double>::quiet_NaN());
    times_.push_back(point.time);
    values_.push_back(point.value);
}

Point Series::point(std::size_t index) const {
    Point point{.time = times_[index], .value = values_[index]};
    if (is_given(index)) point.step = steps_[index];
    return point;
}

double Series::place(Axis axis, std::size_t index) const {
    if (axis != Axis::Step) return times_[index];
    return is_given(index) ? steps_[index] : static_cast<double>(index);
}

bool Series::is_given(std::size_t index) const {
    return !std::isnan(steps_[index]) && (has_steps_ || size() == 1);
}

const Series::Made& Series::made(Axis axis) const {
    auto& made = axis == Axis::Step ? by_step_ : by_time_;
    const auto begin = made.points;
    auto& [x, y] = made.line;
    for (auto i = begin; i < size(); ++i) {
        x.push_back(place(axis, i));
        y.push_back(values_[i]);
    }
    made.points = size();
    const auto from = x.begin() + static_cast<std::ptrdiff_t>(begin == 0 ? 0 : begin - 1);
    if (std::is_sorted(from, x.end())) return made;
    made.in_order = false;
    sort_tail(made.line, begin);
    return made;
}

const Line& Series::line(Axis axis) const {
    const auto& line = made(axis).line;
    if (axis != Axis::Elapsed || line.x.empty()) return line;
    elapsed_ = line;
    const auto first = line.x.front();
    for (auto& x : elapsed_.x) x -= first;
    return elapsed_;
}

bool Series::grows_at_end(Axis axis) const {
    return made(axis).in_order;
}

}  // namespace aml::series
