#include "series/packed_line.hpp"

#include "series/window.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace aml::series;

namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

/// As a page reads it.
Line unpacked(const PackedLine& packed) {
    Line line;
    double total = 0;
    double scale = 1;
    for (const char letter : packed.x) {
        const auto byte = static_cast<unsigned char>(letter);
        total += (byte & 0x7FU) * scale;
        scale = byte < 0x80U ? 1 : scale * 0x80;
        if (byte < 0x80U) line.x.push_back(packed.x_base + packed.x_unit * total);
    }
    for (std::size_t i = 0; i + 2 < packed.y.size(); i += 3) {
        std::uint32_t bits = 0;
        for (std::size_t byte = 3; byte-- > 0;)
            bits = (bits << 8U) | static_cast<unsigned char>(packed.y[i + byte]);
        line.y.push_back(packed.y_base + packed.y_unit * std::bit_cast<float>(bits << 8U));
    }
    return line;
}

/// Numbers that look random and are always the same, from 0 to 1.
class Noise {
public:
    double next() {
        state_ = state_ * 1664525 + 1013904223;
        return state_ / 4294967296.0;
    }

private:
    std::uint32_t state_ = 1;
};

}  // namespace

TEST_CASE("whole places and simple values are exact") {
    const Line line{{10, 15, 655, 82'570, 42'025'610}, {2, -2, no_value, 0, 1}};
    const auto packed = pack(line, 1);
    CHECK(packed.x_base == 10);
    CHECK(packed.x_unit == 5);
    const std::string x{'\0', 1, '\x80', 1, '\xFF', '\x7F', '\x80', '\x80', '\x80', 4};
    CHECK(packed.x == x);
    CHECK(packed.y_base == 0);
    CHECK(packed.y_unit == 2);
    CHECK(packed.y.size() == 15);
    const auto again = unpacked(packed);
    CHECK(again.x == line.x);
    CHECK(std::isnan(again.y[2]));
    CHECK(again.y[0] == 2);
    CHECK(again.y[1] == -2);
    CHECK(again.y[3] == 0);
    CHECK(again.y[4] == 1);
    CHECK(unpacked(pack({{7, 7}, {1, 2}}, 0)).x == std::vector<double>{7, 7});
    CHECK(pack({}, 1).x.empty());
}

TEST_CASE("times move by less than a hundredth of a pixel, and the same time stays the same") {
    Line line;
    Line other;
    Noise noise;
    double time = 1'780'000'000.123;
    for (int i = 0; i < 5'000; ++i) {
        time += noise.next();
        line.x.push_back(time);
        if (i % 3 == 0) other.x.push_back(time);
    }
    line.y.resize(line.x.size());
    other.y.resize(other.x.size());
    const double pixel = 2.5;
    const auto again = unpacked(pack(line, pixel));
    const auto seldom = unpacked(pack(other, pixel));
    for (std::size_t i = 0; i < line.x.size(); ++i) {
        REQUIRE(std::abs(again.x[i] - line.x[i]) < pixel / 100);
        if (i % 3 == 0) REQUIRE(seldom.x[i / 3] == again.x[i]);
    }
}

TEST_CASE(
    "values keep sixteen binary digits of themselves, and of the height of a line far from zero") {
    Noise noise;

    struct Case {
        double base;
        double height;
    };

    for (const auto& [base, height] : {Case{0, 1}, {0, 1e-30}, {0, 1e300}, {1e6, 1e-3}, {-5, 20}}) {
        CAPTURE(base);
        Line line;
        for (int i = 0; i < 1'000; ++i) {
            line.x.push_back(i);
            // Some are very small: an axis may be logarithmic.
            const double scale = i % 10 == 0 && base == 0 ? 1e-9 : 1;
            line.y.push_back(base + height * noise.next() * scale);
        }
        const auto again = unpacked(pack(line, 1));
        for (std::size_t i = 0; i < line.y.size(); ++i) {
            const double allowed = base == 0 ? std::abs(line.y[i]) : height;
            REQUIRE(std::abs(again.y[i] - line.y[i]) <= allowed * 1.6e-5);
        }
    }
    const Line constant{{0, 1}, {0.1, 0.1}};
    CHECK(unpacked(pack(constant, 1)).y == constant.y);
    const Line nothing{{0, 1}, {no_value, std::numeric_limits<double>::infinity()}};
    CHECK(
        std::ranges::all_of(unpacked(pack(nothing, 1)).y, [](double y) { return std::isnan(y); }));
}

TEST_CASE("what 1,200 pixels of a long series draw is small") {
    Series series;
    Noise noise;
    for (int i = 0; i < 100'000; ++i) {
        const double trend = 2 * std::exp(-4.0 * i / 100'000);
        series.append({.step = i, .value = trend + 0.2 * noise.next()});
    }
    const auto shown = window(series, {.from = 20'000, .to = 53'333, .width = 1'200});
    const auto packed = pack(shown.line, 33'333 / 1'200.0);
    CHECK(shown.drawn > 3'000);
    // As base64, which is what a message holds.
    CHECK((packed.x.size() + packed.y.size()) * 4 / 3 < 19'500);
    CHECK(unpacked(packed).x == shown.line.x);
}
