#pragma once

#include "support/regex_program.hpp"

#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

/// What a regular expression says, as a tree; for its reader and for what makes steps of it.
namespace aml::regex {

using Op = RegexProgram::Op;

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

struct CodeRange {
    char32_t low = 0;
    char32_t high = 0;
};

using CodeSet = std::vector<CodeRange>;

/// The letters of a set in both cases; of ASCII letters only.
CodeSet with_other_case(CodeSet set);

/// A part of an expression.
struct Part {
    enum class Kind { Set, Sequence, Choice, Repeat, Assertion };
    Kind kind = Kind::Sequence;
    CodeSet set{};
    std::vector<Part> parts{};
    std::size_t least = 0;
    /// `no_limit`: any number.
    std::size_t most = 0;
    Op assertion = Op::Match;
};

struct Expression {
    Part part{};
    /// As asked for, or as `(?i)` at the start says.
    LetterCase letter_case = LetterCase::Matters;
};

/// Throws: Rejected, saying what cannot be read.
Expression read(std::string_view expression, LetterCase letter_case);

}  // namespace aml::regex
