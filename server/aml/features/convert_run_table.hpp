#pragma once

#include "protocol/protocol.gen.hpp"
#include "views/run_order.hpp"
#include "views/run_table.hpp"

#include <cstddef>
#include <vector>

namespace aml::features {

/// Between the wire and a table of runs.
std::vector<protocol::RunsColumn> wire_columns(const views::RunTable& table);
std::vector<views::SortKey> sort_keys(const protocol::RunsQueryParams& params);
/// The wanted cells of some rows, with what they differ by from the baseline.
std::vector<protocol::RunsRow> wire_rows(const views::RunTable& table,
                                         const std::vector<std::size_t>& rows,
                                         const protocol::RunsQueryParams& params);

}  // namespace aml::features
