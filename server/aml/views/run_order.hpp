#pragma once

#include "views/run_table.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace aml::views {

/// An order of rows.
struct SortKey {
    /// Id or title of a column; one that is not there orders nothing.
    std::string column{};
    bool descending = false;
};

/// The rows in the order of the keys, the first one the most important; the newest run first where
/// they leave it open. Rows without a value, and NaN, come last either way.
std::vector<std::size_t> sorted_rows(const RunTable& table,
                                     std::vector<std::size_t> rows,
                                     const std::vector<SortKey>& keys);

/// The rows of the runs with these names in Azure first, in the order of the names; the others keep
/// theirs.
std::vector<std::size_t> pinned_first(const RunTable& table,
                                      std::vector<std::size_t> rows,
                                      const std::vector<std::string>& names);

}  // namespace aml::views
