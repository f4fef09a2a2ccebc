#include "views/run_order.hpp"

#include "support/text.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace aml::views {
namespace {

/// What a row is ordered by in one column, made once for each row.
struct Place {
    bool is_last = false;
    double number = 0;
    std::string text{};
};

Place place_of(const Column& column, std::size_t row) {
    if (!column.has(row)) return {.is_last = true};
    if (column.kind() == ColumnKind::Text) return {.text = lower(column.text(row))};
    const auto number = column.number(row);
    return {.is_last = std::isnan(number), .number = number};
}

/// Negative when `left` comes first.
int compared_places(const Place& left, const Place& right, bool descending) {
    if (left.is_last || right.is_last)
        return static_cast<int>(left.is_last) - static_cast<int>(right.is_last);
    int order = left.text.compare(right.text);
    if (left.number != right.number) order = left.number < right.number ? -1 : 1;
    return descending ? -order : order;
}

void sort_by(const RunTable& table, std::vector<std::size_t>& rows, const SortKey& key) {
    const auto* column = table.column(key.column);
    if (column == nullptr) return;
    std::vector<Place> places;
    places.reserve(rows.size());
    for (const auto row : rows) places.push_back(place_of(*column, row));
    // Numbers are moved about, and not the texts.
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t left, std::size_t right) {
        return compared_places(places[left], places[right], key.descending) < 0;
    });
    std::vector<std::size_t> sorted;
    sorted.reserve(rows.size());
    for (const auto at : order) sorted.push_back(rows[at]);
    rows = std::move(sorted);
}

}  // namespace

std::vector<std::size_t> sorted_rows(const RunTable& table,
                                     std::vector<std::size_t> rows,
                                     const std::vector<SortKey>& keys) {
    const SortKey newest{.column = "submitted", .descending = true};
    sort_by(table, rows, newest);
    // What Azure does not know yet is the newest.
    const auto* submitted = table.column(newest.column);
    std::ranges::stable_partition(rows,
                                  [submitted](std::size_t row) { return !submitted->has(row); });
    // Each order keeps what those before it made, so the most important one comes last.
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) sort_by(table, rows, *key);
    return rows;
}

std::vector<std::size_t> pinned_first(const RunTable& table,
                                      std::vector<std::size_t> rows,
                                      const std::vector<std::string>& names) {
    auto end = rows.begin();
    for (const auto& name : names) {
        const auto row = table.find(name);
        const auto found = row ? std::find(end, rows.end(), *row) : rows.end();
        if (found == rows.end()) continue;
        std::rotate(end, found, found + 1);
        ++end;
    }
    return rows;
}

}  // namespace aml::views
