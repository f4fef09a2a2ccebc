#include "cli/table.hpp"

#include "cli/display_width.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace aml::cli {

Table::Table(std::vector<std::string> titles) {
    rows_.push_back(std::move(titles));
}

void Table::add(std::vector<std::string> cells) {
    assert(cells.size() == rows_.front().size());
    rows_.push_back(std::move(cells));
}

std::vector<std::string> Table::lines() const {
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const auto& row : rows_) {
        for (std::size_t column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], display_width(row[column]));
        }
    }
    std::vector<std::string> lines;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t column = 0; column < row.size(); ++column) {
            line += row[column];
            line.append(widths[column] - display_width(row[column]) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace aml::cli
