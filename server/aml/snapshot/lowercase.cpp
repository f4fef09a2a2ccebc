#include "snapshot/lowercase.hpp"

#include "snapshot/unicode.gen.hpp"
#include "support/unicode.hpp"

#include <algorithm>
#include <cstdint>

namespace aml::snapshot {
namespace {

constexpr char32_t capital_sigma = 0x3A3;
constexpr char32_t capital_i_with_dot = 0x130;

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0x80U) == 0;
    });
}

/// The range that may hold `code`: the last one that starts at or before it.
template <typename Table>
auto find_range(const Table& table, char32_t code) {
    auto after =
        std::upper_bound(table.begin(), table.end(), code, [](char32_t value, const auto& range) {
            return value < range.first;
        });
    return after == table.begin() ? table.end() : std::prev(after);
}

template <typename Table>
bool contains(const Table& table, char32_t code) {
    const auto range = find_range(table, code);
    return range != table.end() && code <= range->last;
}

char32_t simple_lower(char32_t code) {
    const auto range = find_range(unicode::lower_ranges, code);
    if (range == unicode::lower_ranges.end() || code > range->last) return code;
    if ((code - range->first) % range->step != 0) return code;
    return static_cast<char32_t>(static_cast<std::int64_t>(code) + range->delta);
}

/// A sigma that ends a word: after a cased letter and not before one, whatever ignorable marks lie
/// between.
bool is_final_sigma(const std::u32string& text, std::size_t at) {
    auto ignorable = [](char32_t code) { return contains(unicode::case_ignorable, code); };
    auto before = at;
    while (before > 0 && ignorable(text[before - 1])) --before;
    if (before == 0 || !contains(unicode::cased_not_ignorable, text[before - 1])) return false;
    auto after = at + 1;
    while (after < text.size() && ignorable(text[after])) ++after;
    return after == text.size() || !contains(unicode::cased_not_ignorable, text[after]);
}

}  // namespace

std::string python_lower(std::string_view text) {
    std::string out(text);
    if (is_ascii(text)) {
        for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
        return out;
    }
    out.clear();
    const auto codes = decode_utf8(text).value_or(std::u32string());
    for (std::size_t at = 0; at < codes.size(); ++at) {
        if (codes[at] == capital_sigma) {
            append_utf8(out, is_final_sigma(codes, at) ? 0x3C2 : 0x3C3);
        } else if (codes[at] == capital_i_with_dot) {
            out += "i\u0307";
        } else {
            append_utf8(out, simple_lower(codes[at]));
        }
    }
    return out;
}

}  // namespace aml::snapshot
