#include "series/window.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace aml::series {
namespace {

constexpr std::size_t points_of_column = 4;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// Points of a line by their numbers; `end` is the one after the last.
struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;

    std::size_t size() const { return end - begin; }
};

Range range_in(const std::vector<double>& x, double from, double to) {
    const auto begin = std::lower_bound(x.begin(), x.end(), from);
    const auto end = std::upper_bound(begin, x.end(), to);
    return {static_cast<std::size_t>(begin - x.begin()), static_cast<std::size_t>(end - x.begin())};
}

/// With the points beside it.
Range widened(Range range, std::size_t size) {
    if (range.begin > 0) --range.begin;
    if (range.end < size) ++range.end;
    return range;
}

void draw(const Line& line, std::size_t index, Line& into) {
    into.x.push_back(line.x[index]);
    into.y.push_back(std::isfinite(line.y[index]) ? line.y[index] : nothing);
}

/// Whether the point after a pixel column lies in the next one, or farther away.
enum class NextPoint { Beside, Away };

/// The points of one pixel column that show all it has: where the line enters it, its lowest and
/// highest, one where it is broken, and where the line leaves it, unless it enters the next one
/// right after.
void draw_column(const Line& line, Range column, NextPoint next, Line& into) {
    const auto& y = line.y;
    auto lowest = column.end;
    auto highest = column.end;
    auto broken = column.end;
    for (auto i = column.begin; i < column.end; ++i) {
        if (!std::isfinite(y[i])) {
            broken = i;
            continue;
        }
        if (lowest == column.end || y[i] < y[lowest]) lowest = i;
        if (highest == column.end || y[i] > y[highest]) highest = i;
    }
    const auto leaving = next == NextPoint::Away ? column.end - 1 : column.end;
    std::array<std::size_t, points_of_column + 1> chosen{
        column.begin, lowest, highest, broken, leaving};
    std::sort(chosen.begin(), chosen.end());
    const auto* const last = std::unique(chosen.begin(), chosen.end());
    for (const auto* index = chosen.begin(); index != last && *index < column.end; ++index)
        draw(line, *index, into);
}

void draw_columns(const Line& line, Range range, std::size_t width, Line& into) {
    const double from = line.x[range.begin];
    const double length = line.x[range.end - 1] - from;
    const auto columns = static_cast<double>(width);
    // Points in one place fill one column.
    const auto column_of = [&](std::size_t index) {
        return length > 0 ? std::floor((line.x[index] - from) / length * columns) : columns;
    };
    auto begin = range.begin;
    while (begin < range.end) {
        const double place = column_of(begin);
        const double border = from + (place + 1) / columns * length;
        const auto first = line.x.begin() + static_cast<std::ptrdiff_t>(begin) + 1;
        const auto last = line.x.begin() + static_cast<std::ptrdiff_t>(range.end);
        const bool is_last = place >= columns - 1;
        const auto next = is_last ? last : std::lower_bound(first, last, border);
        const auto end = static_cast<std::size_t>(next - line.x.begin());
        const bool is_beside = end < range.end && column_of(end) <= place + 1;
        draw_column(line, {begin, end}, is_beside ? NextPoint::Beside : NextPoint::Away, into);
        begin = end;
    }
}

/// Draws the points of `inside` and those beside it.
Line drawn_line(const Line& line, Range inside, std::size_t width) {
    Line drawn;
    const auto all = widened(inside, line.x.size());
    if (all.begin < inside.begin) draw(line, all.begin, drawn);
    if (inside.size() <= points_of_column * width) {
        for (auto i = inside.begin; i < inside.end; ++i) draw(line, i, drawn);
    } else {
        draw_columns(line, inside, width, drawn);
    }
    if (all.end > inside.end) draw(line, inside.end, drawn);
    return drawn;
}

/// The mean of all points up to each, of which older ones count less and less; the first points are
/// not pulled towards zero.
std::vector<double> smoothed(const std::vector<double>& y, double weight) {
    std::vector<double> result;
    result.reserve(y.size());
    double sum = 0;
    double weights = 0;
    for (const double value : y) {
        if (!std::isfinite(value)) {
            result.push_back(nothing);
            continue;
        }
        sum = sum * weight + value;
        weights = weights * weight + 1;
        result.push_back(sum / weights);
    }
    return result;
}

std::optional<Gap> gap_in(const Line& line, Range range) {
    std::optional<Gap> gap;
    for (auto i = range.begin; i < range.end; ++i) {
        const bool broken = !std::isfinite(line.y[i]);
        if (broken && !gap) gap = Gap{.x = line.x[i], .value = line.y[i]};
        if (!gap) continue;
        if (broken) ++gap->count;
        gap->to_the_end = broken && (gap->to_the_end || gap->count == 1);
    }
    return gap;
}

}  // namespace

Window window(const Series& series, const WindowRequest& request) {
    const auto& line = series.line(request.axis);
    Window result;
    if (line.x.empty()) return result;
    const auto inside =
        range_in(line.x, request.from.value_or(line.x.front()), request.to.value_or(line.x.back()));
    result.in_range = inside.size();
    result.gap = gap_in(line, inside);
    result.line = drawn_line(line, inside, request.width);
    const auto beside = widened(inside, line.x.size()).size() - inside.size();
    result.drawn = result.line.x.size() - beside;
    const bool whole = !request.from && !request.to && result.drawn == result.in_range;
    if (whole && series.grows_at_end(request.axis) && request.known <= result.drawn) {
        result.first = request.known;
        const auto known = static_cast<std::ptrdiff_t>(request.known);
        result.line.x.erase(result.line.x.begin(), result.line.x.begin() + known);
        result.line.y.erase(result.line.y.begin(), result.line.y.begin() + known);
    }
    if (request.smoothing > 0) {
        const Line smooth{line.x, smoothed(line.y, request.smoothing)};
        result.smooth = drawn_line(smooth, inside, request.width);
    }
    return result;
}

}  // namespace aml::series
