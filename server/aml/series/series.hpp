#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace aml::series {

/// What lies to the right in a plot.
enum class Axis {
    /// The step; the number of the point where the script gave none.
    Step,
    /// Seconds since 1970.
    Time,
    /// Seconds since the first point.
    Elapsed,
};

/// One value of a metric.
struct Point {
    std::optional<double> step{};
    /// Seconds since 1970.
    double time = 0;
    /// NaN and infinities included.
    double value = 0;
};

/// The points of a series from left to right; those in one place in the order they were logged in.
struct Line {
    std::vector<double> x{};
    std::vector<double> y{};
};

/// Every point of a metric, as logged. Steps may be missing, repeated and out of order. Where all
/// of several points have the step 0 none was given: that is what services make of it.
class Series final {
public:
    void append(const Point& point);

    std::size_t size() const { return values_.size(); }

    /// As it was logged, the first one first. `index` is below `size`.
    Point point(std::size_t index) const;

    /// The points from left to right, made when they are first asked for and extended after that.
    /// Good until the next call.
    const Line& line(Axis axis) const;

    /// Whether every point was logged to the right of those before it, so that a line only grows at
    /// its end.
    bool grows_at_end(Axis axis) const;

private:
    /// A line and how many points it was made of.
    struct Made {
        Line line{};
        std::size_t points = 0;
        bool in_order = true;
    };

    double place(Axis axis, std::size_t index) const;
    bool is_given(std::size_t index) const;
    const Made& made(Axis axis) const;

    /// NaN where the script gave none.
    std::vector<double> steps_{};
    std::vector<double> times_{};
    std::vector<double> values_{};
    bool has_steps_ = false;
    /// Elapsed is Time, moved.
    mutable Made by_step_{};
    mutable Made by_time_{};
    mutable Line elapsed_{};
};

}  // namespace aml::series
