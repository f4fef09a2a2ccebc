#pragma once

#include "series/series.hpp"

#include <optional>

namespace aml::series {

enum class Direction { Steady, Rising, Falling };

/// One value and where it lies.
struct Extreme {
    double x = 0;
    double value = 0;
};

/// What can be said of a line in a few words.
struct Trend {
    /// Its last value; may be none that is a number.
    double last = 0;
    /// Of its last quarter compared with the one before.
    Direction direction = Direction::Steady;
    /// The first places of the least and of the greatest number; absent when there is none.
    std::optional<Extreme> lowest{};
    std::optional<Extreme> highest{};
};

/// Absent for a line without points.
std::optional<Trend> trend_of(const Line& line);

}  // namespace aml::series
