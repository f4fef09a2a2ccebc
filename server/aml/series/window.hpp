#pragma once

#include "series/series.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace aml::series {

/// Which part of a series a plot shows, and how.
struct WindowRequest {
    Axis axis = Axis::Step;
    /// The first point, unless it says otherwise.
    std::optional<double> from{};
    /// The last point, unless it says otherwise.
    std::optional<double> to{};
    /// Pixel columns; at least 1.
    std::size_t width = 1;
    /// Weight of what went before, from 0 (none) to below 1.
    double smoothing = 0;
    /// Points of this very window that are known already.
    std::size_t known = 0;
};

/// Points in a window that no line can be drawn through.
struct Gap {
    /// Of the first of them.
    double x = 0;
    double value = 0;
    /// How many there are.
    std::size_t count = 0;
    /// No number follows.
    bool to_the_end = false;
};

/// What a plot draws.
struct Window {
    std::size_t in_range = 0;
    /// How many of these are drawn.
    std::size_t drawn = 0;
    /// How many of the points that are known stay; the line's follow them.
    std::size_t first = 0;
    /// With the neighbours of the window, so that the line enters and leaves it. NaN breaks it.
    Line line{};
    /// Absent without smoothing.
    std::optional<Line> smooth{};
    std::optional<Gap> gap{};
};

/// All points of a part of a series where there is room for them; else the first, lowest and
/// highest of each pixel column, and the last where the line does not go on in the next, so that no
/// spike is lost.
Window window(const Series& series, const WindowRequest& request);

}  // namespace aml::series
