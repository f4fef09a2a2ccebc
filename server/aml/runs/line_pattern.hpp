#pragma once

#include "support/regex_matcher.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace aml::runs {

/// What lines are searched for.
class LinePattern final {
public:
    /// A text that stands somewhere in a line. Throws: Rejected when it is empty.
    static LinePattern text(std::string text, LetterCase letter_case);
    /// A regular expression. Throws: as `compile_regex`.
    static LinePattern regex(std::string_view expression, LetterCase letter_case);
    /// As people type it in one box: `/expression/` or `/expression/i`, else a text in whatever
    /// case. Throws: as the above.
    static LinePattern typed(std::string_view typed);

    bool matches(std::string_view line);

    /// Where in `lines`, which may be many, the first one that may match is: a place in it; the end
    /// of the text when there is none. `from` begins a line.
    std::size_t candidate(std::string_view lines, std::size_t from) const;

private:
    explicit LinePattern(std::string literal, LetterCase letter_case);

    /// Stands in every line that matches; empty when nothing is known.
    std::string literal_;
    /// Each byte as it is compared.
    std::array<unsigned char, 256> folded_{};
    /// How far the search goes on from a byte under the end of the literal.
    std::array<std::size_t, 256> skips_{};
    std::optional<RegexMatcher> matcher_;
};

}  // namespace aml::runs
