#pragma once

#include "views/run_table.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aml::views {

/// How a value is compared. Holds: a text that is found in it, without regard to case.
enum class Comparison { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Holds };

/// What a row must have.
struct Condition {
    /// Name of a column; empty: anything that is text.
    std::string column{};
    Comparison comparison = Comparison::Holds;
    std::string value{};

    bool operator==(const Condition&) const = default;
};

/// Conditions joined by `and`: `accuracy > 0.9 and status = Failed`, with the signs = != < <= > >=
/// and ~ (holds); names and values with blanks in double quotes. Words without a sign are looked
/// for in all that is text; `starred` means the runs with a star. Throws: Rejected with what is
/// wrong.
std::vector<Condition> parse_filter(std::string_view text);

/// The rows of a table that meet all conditions, in the table's order. Throws: Rejected when a
/// column is not there, or a number is compared with what is none.
std::vector<std::size_t> matching_rows(const RunTable& table,
                                       const std::vector<Condition>& conditions);

}  // namespace aml::views
