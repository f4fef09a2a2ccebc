#include "support/regex_program.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/regex_tree.hpp"
#include "support/unicode.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace aml {
namespace {

using regex::CodeSet;
using regex::no_limit;
using regex::Op;
using regex::Part;

constexpr std::size_t most_steps = 20'000;

/// Makes steps of parts, from the end to the beginning: each part is told what follows it.
class StepWriter final {
public:
    explicit StepWriter(std::string_view expression)
        : expression_(expression) {}

    std::vector<RegexProgram::Step> take_steps() { return std::move(steps_); }

    std::uint32_t add(RegexProgram::Step step) {
        if (steps_.size() >= most_steps) {
            throw Error(ErrorKind::Rejected,
                        localize("The regular expression {} is too large. Use fewer repetitions "
                                 "and groups.",
                                 expression_));
        }
        steps_.push_back(step);
        return static_cast<std::uint32_t>(steps_.size() - 1);
    }

    std::uint32_t write(const Part& part, std::uint32_t next) {
        switch (part.kind) {
            case Part::Kind::Set:
                return write_set(part.set, next);
            case Part::Kind::Sequence:
                for (auto one = part.parts.rbegin(); one != part.parts.rend(); ++one)
                    next = write(*one, next);
                return next;
            case Part::Kind::Choice:
                return write_choice(part, next);
            case Part::Kind::Repeat:
                return write_repeat(part, next);
            case Part::Kind::Assertion:
                break;
        }
        return add({.op = part.assertion, .next = next});
    }

private:
    std::uint32_t split(std::uint32_t next, std::uint32_t other) {
        return add({.op = Op::Split, .next = next, .other = other});
    }

    std::uint32_t write_choice(const Part& part, std::uint32_t next) {
        auto entry = write(part.parts.back(), next);
        for (std::size_t i = part.parts.size() - 1; i-- > 0;)
            entry = split(write(part.parts[i], next), entry);
        return entry;
    }

    std::uint32_t write_repeat(const Part& part, std::uint32_t next) {
        const auto& repeated = part.parts.front();
        auto entry = next;
        if (part.most == no_limit) {
            entry = split(next, next);
            const auto body = write(repeated, entry);
            steps_[entry].next = body;
        } else {
            for (auto i = part.least; i < part.most; ++i)
                entry = split(write(repeated, entry), next);
        }
        for (std::size_t i = 0; i < part.least; ++i) entry = write(repeated, entry);
        return entry;
    }

    std::uint32_t write_set(const CodeSet& set, std::uint32_t next) {
        std::optional<std::uint32_t> entry;
        for (const auto& range : set) write_range(range.low, range.high, next, entry);
        // A set of nothing: no byte is above 0 and below it.
        return entry ? *entry : add({.op = Op::Bytes, .low = 1, .high = 0, .next = next});
    }

    /// Code points as sequences of bytes: a range is cut until all its characters have the same
    /// bytes but for a range of each. Source: RFC 3629, section 4.
    void write_range(char32_t low,
                     char32_t high,
                     std::uint32_t next,
                     std::optional<std::uint32_t>& entry) {
        for (const char32_t last : {U'\x7F', U'\x7FF', U'\xFFFF'}) {
            if (low > last || high <= last) continue;
            write_range(low, last, next, entry);
            write_range(last + 1, high, next, entry);
            return;
        }
        for (unsigned shift = 6; shift <= 18 && high > 0x7F; shift += 6) {
            const auto mask = (char32_t{1} << shift) - 1;
            if ((low & ~mask) == (high & ~mask)) continue;
            const bool is_cut_low = (low & mask) != 0;
            if (!is_cut_low && (high & mask) == mask) continue;
            const auto middle = is_cut_low ? (low | mask) : ((high & ~mask) - 1);
            write_range(low, middle, next, entry);
            write_range(middle + 1, high, next, entry);
            return;
        }
        std::string first;
        std::string last;
        append_utf8(first, low);
        append_utf8(last, high);
        for (std::size_t i = first.size(); i-- > 0;) {
            next = add({.op = Op::Bytes,
                        .low = static_cast<unsigned char>(first[i]),
                        .high = static_cast<unsigned char>(last[i]),
                        .next = next});
        }
        entry = entry ? split(next, *entry) : next;
    }

    std::string_view expression_;
    std::vector<RegexProgram::Step> steps_;
};

/// The longest text that stands in every match.
std::string literal_of(const Part& part, LetterCase letter_case) {
    if (part.kind == Part::Kind::Set) {
        const auto& first = part.set.front();
        std::string text;
        // Of a letter in either case, the first one is as it was written.
        const auto expected = letter_case == LetterCase::Ignored
                                  ? regex::with_other_case({first}).size()
                                  : std::size_t{1};
        if (first.low == first.high && part.set.size() == expected) append_utf8(text, first.low);
        return text;
    }
    std::string best;
    std::string together;
    if (part.kind != Part::Kind::Sequence) return best;
    for (const auto& one : part.parts) {
        const auto text =
            one.kind == Part::Kind::Set && !one.set.empty() ? literal_of(one, letter_case) : "";
        together = text.empty() ? std::string() : together + text;
        if (together.size() > best.size()) best = together;
    }
    return best;
}

}  // namespace

RegexProgram compile_regex(std::string_view expression, LetterCase letter_case) {
    const auto read = regex::read(expression, letter_case);
    StepWriter writer(expression);
    RegexProgram program;
    const auto end = writer.add({.op = Op::Match});
    program.start = writer.write(read.part, end);
    program.steps = writer.take_steps();
    program.letter_case = read.letter_case;
    program.literal = literal_of(read.part, program.letter_case);
    return program;
}

}  // namespace aml
