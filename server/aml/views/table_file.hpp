#pragma once

#include "views/metric_history.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aml::views {

/// A table in a file, as MLflow's `log_table` writes it: JSON with `columns` and, row by row,
/// `data`. Only where the rows lie is kept beside the text; a row is read when it is shown.
class TableFile final {
public:
    /// Of the file called `path`, whose whole content is `text`. Throws: Rejected when it is no
    /// table.
    TableFile(std::string path, std::string text);

    /// Throws: Rejected when one of them is no row.
    Table rows(std::size_t offset, std::size_t count) const;

private:
    /// Where a value begins, and how long it is.
    using Span = std::pair<std::size_t, std::size_t>;

    std::string_view text_of(Span span) const;

    std::string path_;
    std::string text_;
    std::vector<std::string> columns_{};
    std::vector<Span> rows_{};
};

}  // namespace aml::views
