#include "snapshot/normal_form.hpp"

#include "snapshot/unicode.gen.hpp"
#include "support/unicode.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace aml::snapshot {
namespace {

// Hangul syllables are arithmetic. Source: The Unicode Standard, section 3.12.
constexpr char32_t first_syllable = 0xAC00;
constexpr char32_t first_leading = 0x1100;
constexpr char32_t first_vowel = 0x1161;
constexpr char32_t before_trailing = 0x11A7;
constexpr char32_t leadings = 19;
constexpr char32_t vowels = 21;
constexpr char32_t trailings = 28;
constexpr char32_t syllables = leadings * vowels * trailings;

bool has_only_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0x80U) == 0;
    });
}

unsigned combining_class(char32_t code) {
    const auto& table = unicode::combining_classes;
    const auto after = std::upper_bound(
        table.begin(), table.end(), code, [](char32_t value, const unicode::ClassRange& range) {
            return value < range.first;
        });
    if (after == table.begin()) return 0;
    const auto& range = *std::prev(after);
    return code <= range.last ? range.combining_class : 0;
}

void decompose(std::u32string& out, char32_t code) {
    if (code >= first_syllable && code < first_syllable + syllables) {
        const auto index = code - first_syllable;
        out += first_leading + index / (vowels * trailings);
        out += first_vowel + index % (vowels * trailings) / trailings;
        if (index % trailings != 0) out += before_trailing + index % trailings;
        return;
    }
    const auto& table = unicode::decompositions;
    const auto found = std::lower_bound(
        table.begin(), table.end(), code, [](const unicode::Decomposition& row, char32_t value) {
            return row.whole < value;
        });
    if (found == table.end() || found->whole != code) {
        out += code;
        return;
    }
    decompose(out, found->first);
    if (found->second != 0) decompose(out, found->second);
}

/// Marks that follow a letter in the order of their classes.
void order_marks(std::u32string& text) {
    const auto is_mark = [](char32_t code) { return combining_class(code) != 0; };
    for (auto begin = text.begin(); begin != text.end();) {
        begin = std::find_if(begin, text.end(), is_mark);
        const auto end = std::find_if_not(begin, text.end(), is_mark);
        std::stable_sort(begin, end, [](char32_t left, char32_t right) {
            return combining_class(left) < combining_class(right);
        });
        begin = end;
    }
}

/// What the two make; 0 when they make nothing.
char32_t composed(char32_t first, char32_t second) {
    if (first >= first_leading && first < first_leading + leadings && second >= first_vowel &&
        second < first_vowel + vowels) {
        return first_syllable +
               ((first - first_leading) * vowels + second - first_vowel) * trailings;
    }
    const bool open_syllable = first >= first_syllable && first < first_syllable + syllables &&
                               (first - first_syllable) % trailings == 0;
    if (open_syllable && second > before_trailing && second < before_trailing + trailings)
        return first + second - before_trailing;
    const auto& table = unicode::compositions;
    const std::pair<std::uint32_t, std::uint32_t> wanted(first, second);
    const auto found = std::lower_bound(
        table.begin(), table.end(), wanted, [](const unicode::Composition& row, const auto& pair) {
            return std::pair(row.first, row.second) < pair;
        });
    const bool makes = found != table.end() && std::pair(found->first, found->second) == wanted;
    return makes ? found->whole : 0;
}

void compose(std::u32string& text) {
    std::size_t letter = text.size();
    std::size_t end = 0;
    unsigned last_class = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto code = text[at];
        const auto own_class = combining_class(code);
        // A mark of the same class in between keeps the letter from it.
        const bool reachable =
            letter < end && (end == letter + 1 || (last_class != 0 && last_class < own_class));
        const auto whole = reachable ? composed(text[letter], code) : 0;
        if (whole != 0) {
            text[letter] = whole;
            continue;
        }
        if (own_class == 0) letter = end;
        last_class = own_class;
        text[end++] = code;
    }
    text.resize(end);
}

}  // namespace

std::string normal_form_c(std::string_view name) {
    if (has_only_ascii(name)) return std::string(name);
    const auto codes = decode_utf8(name);
    if (!codes) return std::string(name);
    std::u32string text;
    for (const auto code : *codes) decompose(text, code);
    order_marks(text);
    compose(text);
    std::string out;
    for (const auto code : text) append_utf8(out, code);
    return out;
}

}  // namespace aml::snapshot
