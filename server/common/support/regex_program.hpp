#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aml {

/// Whether letters of another case are the same; of ASCII letters only.
enum class LetterCase { Matters, Ignored };

/// A regular expression as steps over the bytes of a line. None of them goes back, so that no
/// expression takes longer than in proportion to the line.
struct RegexProgram {
    enum class Op : std::uint8_t {
        /// A byte from `low` to `high`, then `next`.
        Bytes,
        /// `next` or `other`.
        Split,
        LineStart,
        LineEnd,
        WordEdge,
        NoWordEdge,
        Match,
    };

    struct Step {
        Op op = Op::Match;
        unsigned char low = 0;
        unsigned char high = 0;
        std::uint32_t next = 0;
        std::uint32_t other = 0;
    };

    std::vector<Step> steps{};
    std::uint32_t start = 0;
    /// As asked for, or as `(?i)` at the start says.
    LetterCase letter_case = LetterCase::Matters;
    /// Stands in every line that matches; empty when no such text is known.
    std::string literal{};
};

/// Reads a regular expression: what Python and JavaScript have in common, without groups that look
/// around and references back. Throws: Rejected, saying what cannot be read.
RegexProgram compile_regex(std::string_view expression, LetterCase letter_case);

}  // namespace aml
