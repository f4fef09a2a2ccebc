#include "series/packed_line.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace aml::series {
namespace {

/// Whole numbers up to here are exact.
constexpr double largest_whole = 9'007'199'254'740'992;
/// A line that lies farther from zero, in its own height, counts from one of its points.
constexpr double far_from_zero = 64;
constexpr double parts_of_pixel = 64;

bool are_whole(const std::vector<double>& numbers) {
    return std::all_of(numbers.begin(), numbers.end(), [](double number) {
        return std::abs(number) < largest_whole && number == std::floor(number);
    });
}

/// The largest unit that all distances are multiples of.
double whole_unit(const std::vector<double>& x) {
    std::uint64_t unit = 0;
    for (std::size_t i = 1; i < x.size() && unit != 1; ++i)
        unit = std::gcd(unit, static_cast<std::uint64_t>(x[i] - x[i - 1]));
    return unit == 0 ? 1 : static_cast<double>(unit);
}

/// A power of two, so that places that are the same in several lines stay so.
double fraction_unit(const std::vector<double>& x, double pixel) {
    const double largest = std::max(std::abs(x.front()), std::abs(x.back()));
    const double finest = largest > 0 ? std::ldexp(1, std::ilogb(largest) - 52) : 1;
    if (!(pixel > 0)) return finest;
    return std::max(finest, std::ldexp(1, std::ilogb(pixel / parts_of_pixel)));
}

void append_count(std::string& bytes, std::uint64_t count) {
    while (count >= 0x80U) {
        bytes += static_cast<char>((count & 0x7FU) | 0x80U);
        count >>= 7U;
    }
    bytes += static_cast<char>(count);
}

void pack_x(const std::vector<double>& x, double pixel, PackedLine& packed) {
    if (x.empty()) return;
    packed.x_unit = are_whole(x) ? whole_unit(x) : fraction_unit(x, pixel);
    const bool is_whole = are_whole(x);
    const auto place = [&](double number) {
        return is_whole ? number : std::round(number / packed.x_unit) * packed.x_unit;
    };
    packed.x_base = place(x.front());
    double before = packed.x_base;
    for (const double number : x) {
        const double now = place(number);
        append_count(packed.x, static_cast<std::uint64_t>((now - before) / packed.x_unit));
        before = now;
    }
}

void append_short_float(std::string& bytes, double number) {
    constexpr std::uint32_t not_a_number = 0x7FC00000;
    auto bits = std::isfinite(number) ? std::bit_cast<std::uint32_t>(static_cast<float>(number))
                                      : not_a_number;
    // To the nearest.
    bits = (bits + 0x80U) >> 8U;
    for (int i = 0; i < 3; ++i, bits >>= 8U) bytes += static_cast<char>(bits & 0xFFU);
}

void pack_y(const std::vector<double>& y, PackedLine& packed) {
    double lowest = std::numeric_limits<double>::infinity();
    double highest = -lowest;
    for (const double number : y) {
        if (!std::isfinite(number)) continue;
        lowest = std::min(lowest, number);
        highest = std::max(highest, number);
    }
    const bool any = lowest <= highest;
    const double size = any ? std::max(std::abs(lowest), std::abs(highest)) : 0;
    if (any && size / far_from_zero > highest - lowest) packed.y_base = lowest;
    const double largest =
        any ? std::max(std::abs(lowest - packed.y_base), std::abs(highest - packed.y_base)) : 0;
    // No value is too large or too small for a float.
    if (largest > 0 && std::isfinite(largest))
        packed.y_unit = std::ldexp(1, std::clamp(std::ilogb(largest), -1000, 1000));
    for (const double number : y)
        append_short_float(packed.y, (number - packed.y_base) / packed.y_unit);
}

}  // namespace

PackedLine pack(const Line& line, double pixel) {
    PackedLine packed;
    pack_x(line.x, pixel, packed);
    pack_y(line.y, packed);
    return packed;
}

}  // namespace aml::series
