#pragma once

#include "support/regex_program.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace aml {

/// Tells which lines a regular expression matches, at hundreds of megabytes a second: what it finds
/// out about the next byte is kept, in a table that is emptied when it grows too large.
class RegexMatcher final {
public:
    explicit RegexMatcher(RegexProgram program);

    /// Whether it matches somewhere in `line`, which holds no line end.
    bool matches(std::string_view line);

private:
    /// Where the program can be before a byte.
    struct Place {
        /// Sorted.
        std::vector<std::uint32_t> steps{};
        bool is_line_start = false;
        bool is_after_word = false;

        auto operator<=>(const Place&) const = default;
    };

    std::uint32_t number_of(Place place);
    /// What `symbol`, a byte or the end of the line, leads to.
    std::uint32_t follow(std::uint32_t from, std::size_t symbol);

    RegexProgram program_;
    std::map<Place, std::uint32_t> numbers_;
    std::vector<Place> places_;
    /// A row of answers for each place.
    std::vector<std::uint32_t> table_;
    // For `follow`.
    std::vector<bool> seen_;
    std::vector<std::uint32_t> open_;
};

}  // namespace aml
