#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/regex_tree.hpp"
#include "support/unicode.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace aml::regex {
namespace {

constexpr std::size_t deepest_group = 100;
constexpr std::size_t most_repeats = 1'000;
constexpr char32_t last_code = 0x10FFFF;

CodeSet complement(CodeSet set) {
    std::sort(set.begin(), set.end(), [](const CodeRange& left, const CodeRange& right) {
        return left.low < right.low;
    });
    CodeSet others;
    char32_t next = 0;
    for (const auto& [low, high] : set) {
        if (low > next) others.push_back({next, low - 1});
        next = std::max<char32_t>(next, high + 1);
    }
    if (next <= last_code) others.push_back({next, last_code});
    return others;
}

/// What `\d`, `\w` and `\s` stand for, and their opposites.
std::optional<CodeSet> named_set(char32_t letter) {
    switch (letter) {
        case U'd':
            return CodeSet{{U'0', U'9'}};
        case U'w':
            return CodeSet{{U'0', U'9'}, {U'A', U'Z'}, {U'_', U'_'}, {U'a', U'z'}};
        case U's':
            return CodeSet{{U'\t', U'\r'}, {U' ', U' '}};
        case U'D':
        case U'W':
        case U'S':
            return complement(*named_set(letter + (U'a' - U'A')));
        default:
            return std::nullopt;
    }
}

class RegexReader final {
public:
    RegexReader(std::string_view expression, std::u32string codes, LetterCase letter_case)
        : expression_(expression),
          codes_(std::move(codes)),
          letter_case_(letter_case) {}

    Part read() {
        const std::u32string_view ignoring = U"(?i)";
        if (codes_.starts_with(ignoring)) {
            at_ = ignoring.size();
            letter_case_ = LetterCase::Ignored;
        }
        auto part = read_choice(0);
        if (!at_end()) {
            throw Error(ErrorKind::Rejected,
                        localize("In the regular expression {} there is a ) without a (. "
                                 "Write \\) for the character itself.",
                                 expression_));
        }
        return part;
    }

    LetterCase letter_case() const { return letter_case_; }

private:
    bool at_end() const { return at_ == codes_.size(); }

    bool is_next(char32_t code) const { return !at_end() && codes_[at_] == code; }

    bool take(char32_t code) {
        if (!is_next(code)) return false;
        ++at_;
        return true;
    }

    bool take(std::u32string_view text) {
        if (!std::u32string_view(codes_).substr(at_).starts_with(text)) return false;
        at_ += text.size();
        return true;
    }

    char32_t next_code() {
        if (at_end()) throw unfinished();
        return codes_[at_++];
    }

    Error unfinished() const {
        return Error(ErrorKind::Rejected,
                     localize("The regular expression {} is not complete: a (, a [ or a \\ has no "
                              "end. Write \\(, \\[ or \\\\ for the character itself.",
                              expression_));
    }

    Error unknown(const std::u32string& what) const {
        std::string text;
        for (const auto code : what) append_utf8(text, code);
        return Error(ErrorKind::Rejected,
                     localize("The regular expression {} has {}, which is not known here. Groups "
                              "that look around and references back cannot be used.",
                              expression_,
                              text));
    }

    Error too_large() const {
        return Error(ErrorKind::Rejected,
                     localize("The regular expression {} is too large. Use fewer repetitions and "
                              "groups.",
                              expression_));
    }

    Part read_choice(std::size_t depth) {
        if (depth > deepest_group) throw too_large();
        Part choice{.kind = Part::Kind::Choice};
        do {
            choice.parts.push_back(read_sequence(depth));
        } while (take(U'|'));
        if (choice.parts.size() > 1) return choice;
        auto only = std::move(choice.parts.front());
        return only;
    }

    Part read_sequence(std::size_t depth) {
        Part sequence{.kind = Part::Kind::Sequence};
        while (!at_end() && !is_next(U'|') && !is_next(U')')) {
            auto part = read_one(depth);
            for (auto times = read_repetition(); times; times = read_repetition()) {
                Part repeated{.kind = Part::Kind::Repeat};
                repeated.least = times->first;
                repeated.most = times->second;
                repeated.parts.push_back(std::move(part));
                part = std::move(repeated);
            }
            sequence.parts.push_back(std::move(part));
        }
        return sequence;
    }

    /// `*`, `+`, `?`, `{2}`, `{2,}`, `{2,5}`, also with a `?` behind, which decides nothing here.
    std::optional<std::pair<std::size_t, std::size_t>> read_repetition() {
        std::optional<std::pair<std::size_t, std::size_t>> times;
        if (take(U'*'))
            times = {0, no_limit};
        else if (take(U'+'))
            times = {1, no_limit};
        else if (take(U'?'))
            times = {0, 1};
        else
            times = read_count();
        if (times) take(U'?');
        return times;
    }

    /// A brace that is no count stands for itself.
    std::optional<std::pair<std::size_t, std::size_t>> read_count() {
        const auto before = at_;
        if (!take(U'{')) return std::nullopt;
        const auto least = read_number();
        const bool is_range = take(U',');
        const auto most = is_range ? read_number() : least;
        if (!least || !take(U'}')) {
            at_ = before;
            return std::nullopt;
        }
        if (most && *most < *least) throw too_large();
        return std::pair(*least, most.value_or(no_limit));
    }

    std::optional<std::size_t> read_number() {
        std::optional<std::size_t> number;
        while (!at_end() && codes_[at_] >= U'0' && codes_[at_] <= U'9') {
            number = number.value_or(0) * 10 + (codes_[at_++] - U'0');
            if (*number > most_repeats) throw too_large();
        }
        return number;
    }

    Part read_one(std::size_t depth) {
        const auto code = next_code();
        switch (code) {
            case U'.':
                return set_of(complement({{U'\n', U'\n'}}));
            case U'^':
                return assertion_of(Op::LineStart);
            case U'$':
                return assertion_of(Op::LineEnd);
            case U'[':
                return set_of(read_set());
            case U'(':
                return read_group(depth);
            case U'\\':
                return read_escape();
            case U'*':
            case U'+':
            case U'?':
                throw Error(ErrorKind::Rejected,
                            localize("In the regular expression {} nothing stands before a {} that "
                                     "it could repeat. Write \\{} for the character itself.",
                                     expression_,
                                     static_cast<char>(code),
                                     static_cast<char>(code)));
            default:
                return literal(code);
        }
    }

    Part read_group(std::size_t depth) {
        if (take(U'?')) {
            const bool is_named = take(U"P<") || (is_next(U'<') && !is_look_behind() && take(U'<'));
            if (is_named) {
                while (next_code() != U'>') continue;
            } else if (!take(U':')) {
                const auto kind = next_code();
                throw unknown(std::u32string(U"(?") + kind);
            }
        }
        auto group = read_choice(depth + 1);
        if (!take(U')')) throw unfinished();
        return group;
    }

    bool is_look_behind() const {
        const auto rest = std::u32string_view(codes_).substr(at_);
        return rest.starts_with(U"<=") || rest.starts_with(U"<!");
    }

    Part read_escape() {
        const auto letter = next_code();
        if (letter == U'b') return assertion_of(Op::WordEdge);
        if (letter == U'B') return assertion_of(Op::NoWordEdge);
        if (auto named = named_set(letter)) return set_of(std::move(*named));
        return literal(escaped_code(letter));
    }

    /// The character that `\` with this letter behind stands for.
    char32_t escaped_code(char32_t letter) {
        switch (letter) {
            case U't':
                return U'\t';
            case U'n':
                return U'\n';
            case U'r':
                return U'\r';
            case U'f':
                return U'\f';
            case U'v':
                return U'\v';
            case U'x':
                return read_hexadecimal(2);
            case U'u':
                return read_hexadecimal(4);
            default:
                break;
        }
        const bool is_word = (letter >= U'0' && letter <= U'9') ||
                             (letter >= U'A' && letter <= U'Z') ||
                             (letter >= U'a' && letter <= U'z');
        if (is_word) throw unknown(std::u32string(U"\\") + letter);
        return letter;
    }

    char32_t read_hexadecimal(int digits) {
        char32_t code = 0;
        for (int i = 0; i < digits; ++i) {
            const auto digit = next_code();
            const std::u32string_view known = U"0123456789abcdefABCDEF";
            const auto place = known.find(digit);
            if (place == std::u32string_view::npos) throw unknown(std::u32string(U"\\x") + digit);
            code = code * 16 + static_cast<char32_t>(place < 16 ? place : place - 6);
        }
        return code;
    }

    CodeSet read_set() {
        CodeSet set;
        const bool is_opposite = take(U'^');
        for (bool is_first = true; is_first || !is_next(U']'); is_first = false) {
            const auto low = read_set_code(set);
            if (!low) continue;
            auto high = *low;
            const bool is_range =
                is_next(U'-') && at_ + 1 < codes_.size() && codes_[at_ + 1] != U']';
            if (is_range) {
                ++at_;
                const auto last = read_set_code(set);
                if (!last || *last < *low) throw unknown(std::u32string(1, *low) + U"-");
                high = *last;
            }
            set.push_back({*low, high});
        }
        take(U']');
        if (letter_case_ == LetterCase::Ignored) set = with_other_case(std::move(set));
        return is_opposite ? complement(std::move(set)) : set;
    }

    /// A character of a set; nothing where several are named, which are then in it.
    std::optional<char32_t> read_set_code(CodeSet& set) {
        const auto code = next_code();
        if (code != U'\\') return code;
        const auto letter = next_code();
        if (letter == U'b') return U'\b';
        if (const auto named = named_set(letter)) {
            set.insert(set.end(), named->begin(), named->end());
            return std::nullopt;
        }
        return escaped_code(letter);
    }

    Part literal(char32_t code) const {
        CodeSet set{{code, code}};
        if (letter_case_ == LetterCase::Ignored) set = with_other_case(std::move(set));
        return set_of(std::move(set));
    }

    static Part set_of(CodeSet set) {
        Part part{.kind = Part::Kind::Set};
        part.set = std::move(set);
        return part;
    }

    static Part assertion_of(Op op) {
        Part part{.kind = Part::Kind::Assertion};
        part.assertion = op;
        return part;
    }

    std::string_view expression_;
    std::u32string codes_;
    LetterCase letter_case_;
    std::size_t at_ = 0;
};

}  // namespace

CodeSet with_other_case(CodeSet set) {
    CodeSet all = set;
    // What the two cases of a letter differ in is one bit.
    constexpr char32_t case_bit = U'A' ^ U'a';
    const auto add = [&all](const CodeRange& range, char32_t first, char32_t last) {
        const auto low = std::max(range.low, first);
        const auto high = std::min(range.high, last);
        if (low <= high) all.push_back({low ^ case_bit, high ^ case_bit});
    };
    for (const auto& range : set) {
        add(range, U'A', U'Z');
        add(range, U'a', U'z');
    }
    return all;
}

Expression read(std::string_view expression, LetterCase letter_case) {
    auto codes = decode_utf8(expression);
    if (!codes) {
        throw Error(ErrorKind::Rejected, localize("The regular expression is no text in UTF-8."));
    }
    RegexReader reader(expression, std::move(*codes), letter_case);
    auto part = reader.read();
    return {std::move(part), reader.letter_case()};
}

}  // namespace aml::regex
