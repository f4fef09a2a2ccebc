#include "runs/line_pattern.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <cstring>
#include <utility>

namespace aml::runs {
namespace {

unsigned char byte_of(char letter) {
    return static_cast<unsigned char>(letter);
}

}  // namespace

LinePattern::LinePattern(std::string literal, LetterCase letter_case)
    : literal_(std::move(literal)) {
    for (std::size_t i = 0; i < folded_.size(); ++i) {
        const auto letter = static_cast<char>(i);
        folded_[i] = byte_of(letter_case == LetterCase::Ignored ? lower(letter) : letter);
    }
    for (auto& letter : literal_) letter = static_cast<char>(folded_[byte_of(letter)]);
    // Source: R. N. Horspool, Practical fast searching in strings, 1980.
    skips_.fill(literal_.size());
    for (std::size_t byte = 0; byte < skips_.size(); ++byte) {
        const auto folded = static_cast<char>(folded_[byte]);
        if (literal_.size() < 2) break;
        const auto last = literal_.rfind(folded, literal_.size() - 2);
        if (last != std::string::npos) skips_[byte] = literal_.size() - 1 - last;
    }
}

LinePattern LinePattern::text(std::string text, LetterCase letter_case) {
    if (text.empty()) throw Error(ErrorKind::Rejected, localize("Say which text to search for."));
    return LinePattern(std::move(text), letter_case);
}

LinePattern LinePattern::regex(std::string_view expression, LetterCase letter_case) {
    if (expression.empty())
        throw Error(ErrorKind::Rejected, localize("Say which text to search for."));
    auto program = compile_regex(expression, letter_case);
    LinePattern pattern(program.literal, program.letter_case);
    pattern.matcher_.emplace(std::move(program));
    return pattern;
}

LinePattern LinePattern::typed(std::string_view typed) {
    const bool ignores = typed.ends_with("/i");
    const auto end = ignores ? typed.size() - 1 : typed.size();
    const auto inner = typed.substr(0, end);
    const bool is_regex = inner.size() > 2 && inner.starts_with('/') && inner.ends_with('/');
    if (!is_regex) return text(std::string(typed), LetterCase::Ignored);
    return regex(inner.substr(1, inner.size() - 2),
                 ignores ? LetterCase::Ignored : LetterCase::Matters);
}

std::size_t LinePattern::candidate(std::string_view lines, std::size_t from) const {
    if (literal_.empty()) return from;
    const auto size = literal_.size();
    const auto last = byte_of(literal_.back());
    for (auto end = from + size; end <= lines.size();) {
        const auto byte = byte_of(lines[end - 1]);
        if (folded_[byte] == last) {
            std::size_t at = size - 1;
            while (at > 0 &&
                   folded_[byte_of(lines[end - 1 - (size - at)])] == byte_of(literal_[at - 1]))
                --at;
            if (at == 0) return end - size;
        }
        end += skips_[byte];
    }
    return lines.size();
}

bool LinePattern::matches(std::string_view line) {
    if (matcher_) return matcher_->matches(line);
    return candidate(line, 0) < line.size();
}

}  // namespace aml::runs
