#pragma once

#include "series/series.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace aml::cli {

/// A line drawn in letters of two by four dots (Braille), with the highest and lowest value to the
/// left and the first and last place below. `width` and `height` are letters of the drawing itself,
/// at least 1. Empty for a line without a number.
std::vector<std::string> plot(const series::Series& series, std::size_t width, std::size_t height);

}  // namespace aml::cli
