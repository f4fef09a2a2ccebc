#include "cli/plot.hpp"

#include "runs/run_metrics.hpp"
#include "series/window.hpp"
#include "support/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace aml::cli {
namespace {

constexpr std::size_t dots_across = 2;
constexpr std::size_t dots_down = 4;
/// Of each dot of a letter, by row and column.  Source: Unicode, block "Braille Patterns".
constexpr std::array<std::array<unsigned, dots_across>, dots_down> dot_bits{
    {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}};
constexpr char32_t first_pattern = 0x2800;

/// Dots, from the top left on.
class DotGrid final {
public:
    DotGrid(std::size_t width, std::size_t height)
        : width_(width),
          letters_(width * height) {}

    void set(std::size_t x, std::size_t y) {
        letters_.at(y / dots_down * width_ + x / dots_across) |=
            dot_bits.at(y % dots_down).at(x % dots_across);
    }

    std::string row(std::size_t y) const {
        std::string text;
        for (std::size_t x = 0; x < width_; ++x)
            append_utf8(text, first_pattern + letters_.at(y * width_ + x));
        return text;
    }

private:
    std::size_t width_;
    std::vector<unsigned> letters_;
};

/// Numbers from `low` on, laid out over `count` dots.
struct Scale {
    double low = 0;
    double high = 0;
    std::size_t count = 1;

    std::size_t dot(double value) const {
        if (high == low) return count / 2;
        const auto place = (value - low) / (high - low) * static_cast<double>(count - 1);
        return static_cast<std::size_t>(std::lround(place));
    }
};

/// Joins a point with the one before it, column by column.
void join_dots(DotGrid& grid, std::size_t x0, std::size_t y0, std::size_t x1, std::size_t y1) {
    const auto columns = std::max<std::size_t>(x1 - x0, 1);
    const auto height_at = [&](std::size_t column) {
        const auto share =
            static_cast<double>(std::min(column, columns)) / static_cast<double>(columns);
        return static_cast<std::size_t>(
            std::lround(std::lerp(static_cast<double>(y0), static_cast<double>(y1), share)));
    };
    for (std::size_t column = 0; column <= x1 - x0; ++column) {
        const auto here = height_at(column);
        const auto next = height_at(column + 1);
        const auto low = std::min(here, next);
        const auto high = std::max(here, next);
        for (auto y = low; y <= high; ++y) grid.set(x0 + column, y);
    }
}

}  // namespace

std::vector<std::string> plot(const series::Series& series, std::size_t width, std::size_t height) {
    const auto drawn = series::window(series, {.width = width * dots_across}).line;
    std::vector<double> numbers;
    std::ranges::copy_if(
        drawn.y, std::back_inserter(numbers), [](double y) { return std::isfinite(y); });
    if (numbers.empty()) return {};
    const auto [lowest, highest] = std::ranges::minmax(numbers);
    const Scale across{drawn.x.front(), drawn.x.back(), width * dots_across};
    const Scale up{lowest, highest, height * dots_down};
    DotGrid grid(width, height);
    std::optional<std::pair<std::size_t, std::size_t>> before;
    for (std::size_t i = 0; i < drawn.x.size(); ++i) {
        if (!std::isfinite(drawn.y[i])) {
            before.reset();
            continue;
        }
        const auto x = across.dot(drawn.x[i]);
        const auto y = up.count - 1 - up.dot(drawn.y[i]);
        const auto [from_x, from_y] = before.value_or(std::pair(x, y));
        join_dots(grid, from_x, from_y, x, y);
        before = {x, y};
    }
    const auto top = runs::number_text(highest);
    const auto bottom = runs::number_text(lowest);
    const auto margin = std::max(top.size(), bottom.size());
    std::vector<std::string> lines;
    for (std::size_t row = 0; row < height; ++row) {
        const bool is_last = row + 1 == height && height > 1;
        const auto label = row == 0 ? top : is_last ? bottom : std::string();
        lines.push_back(fmt::format("{:>{}} ┤{}", label, margin, grid.row(row)));
    }
    const auto first = runs::number_text(drawn.x.front());
    const auto last = runs::number_text(drawn.x.back());
    const auto room = width > first.size() ? width - first.size() : 0;
    lines.push_back(fmt::format("{:>{}}  {}{:>{}}", "", margin, first, last, room));
    return lines;
}

}  // namespace aml::cli
