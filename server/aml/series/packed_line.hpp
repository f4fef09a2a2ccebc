#pragma once

#include "series/series.hpp"

#include <string>

namespace aml::series {

/// A line in few bytes, exact enough to be drawn.
struct PackedLine {
    /// `x` counts from here, in these units.
    double x_base = 0;
    double x_unit = 1;
    /// Of each point how far it is to the right of the one before, of the first of `x_base`: whole
    /// numbers, seven bits a byte, the lowest first, the eighth set where another byte follows
    /// (LEB128).
    std::string x{};
    /// `y` counts from here, in these units.
    double y_base = 0;
    double y_unit = 1;
    /// Three bytes of each point, the lowest first: what is above the lowest byte of a 32-bit
    /// float, which leaves 16 binary digits.
    std::string y{};
};

/// Whole numbers stay exact as `x`; others are moved by less than a hundredth of `pixel`, the width
/// of a pixel column. `y` is off by less than a fifty-thousandth of itself or of what the line
/// spans, whichever is less. NaN stays NaN; infinities become it.
PackedLine pack(const Line& line, double pixel);

}  // namespace aml::series
