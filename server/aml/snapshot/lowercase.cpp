#include "snapshot/lowercase.hpp"

#include "snapshot/unicode.gen.hpp"

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

void append_utf8(std::string& out, char32_t code) {
    auto tail = [&](unsigned shift) {
        out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
    };
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | (code >> 6U));
        tail(0);
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0U | (code >> 12U));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0U | (code >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

/// Length of the sequence a lead byte starts, and the bits it gives; length 0 for a byte that
/// cannot start one.
struct Lead {
    std::size_t length;
    char32_t bits;
    char32_t smallest;
};

Lead lead(unsigned char byte) {
    if (byte < 0x80U) return {1, byte, 0};
    if (byte >= 0xC2U && byte < 0xE0U) return {2, byte & 0x1FU, 0x80};
    if (byte >= 0xE0U && byte < 0xF0U) return {3, byte & 0x0FU, 0x800};
    if (byte >= 0xF0U && byte < 0xF5U) return {4, byte & 0x07U, 0x10000};
    return {0, 0, 0};
}

}  // namespace

std::optional<std::u32string> decode_utf8(std::string_view text) {
    std::u32string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto [length, bits, smallest] = lead(static_cast<unsigned char>(text[at]));
        if (length == 0 || at + length > text.size()) return std::nullopt;
        auto code = bits;
        for (std::size_t i = 1; i < length; ++i) {
            const auto byte = static_cast<unsigned char>(text[at + i]);
            if ((byte & 0xC0U) != 0x80U) return std::nullopt;
            code = (code << 6U) | (byte & 0x3FU);
        }
        const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        if (code < smallest || code > 0x10FFFF || surrogate) return std::nullopt;
        out += code;
        at += length;
    }
    return out;
}

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
