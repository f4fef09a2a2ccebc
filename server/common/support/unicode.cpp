#include "support/unicode.hpp"

#include <cstddef>

namespace aml {
namespace {

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

bool is_surrogate(char32_t code) {
    return code >= 0xD800 && code <= 0xDFFF;
}

enum class ByteOrder { Little, Big };

/// The number that `size` bytes at `at` make.
char32_t unit_at(std::string_view bytes, std::size_t at, std::size_t size, ByteOrder order) {
    char32_t unit = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const auto from = order == ByteOrder::Big ? at + i : at + size - 1 - i;
        unit = (unit << 8U) | static_cast<unsigned char>(bytes[from]);
    }
    return unit;
}

std::optional<std::string> from_utf16(std::string_view bytes, ByteOrder order) {
    if (bytes.size() % 2 != 0) return std::nullopt;
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 2) {
        auto code = unit_at(bytes, at, 2, order);
        if (code == 0) return std::nullopt;
        if (is_surrogate(code)) {
            const auto low = at + 4 <= bytes.size() ? unit_at(bytes, at + 2, 2, order) : 0;
            if (code >= 0xDC00 || low < 0xDC00 || low > 0xDFFF) return std::nullopt;
            code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
            at += 2;
        }
        append_utf8(out, code);
    }
    return out;
}

std::optional<std::string> from_utf32(std::string_view bytes, ByteOrder order) {
    if (bytes.size() % 4 != 0) return std::nullopt;
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 4) {
        const auto code = unit_at(bytes, at, 4, order);
        if (code == 0 || code > 0x10FFFF || is_surrogate(code)) return std::nullopt;
        append_utf8(out, code);
    }
    return out;
}

}  // namespace

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
        if (code < smallest || code > 0x10FFFF || is_surrogate(code)) return std::nullopt;
        out += code;
        at += length;
    }
    return out;
}

std::optional<std::string> text_from_bytes(std::string_view bytes) {
    using namespace std::string_view_literals;
    const auto rest = [bytes](std::size_t mark) { return bytes.substr(mark); };
    // The mark of UTF-32 in little order begins like that of UTF-16.
    if (bytes.starts_with("\xFF\xFE\0\0"sv)) return from_utf32(rest(4), ByteOrder::Little);
    if (bytes.starts_with("\0\0\xFE\xFF"sv)) return from_utf32(rest(4), ByteOrder::Big);
    if (bytes.starts_with("\xFF\xFE"sv)) return from_utf16(rest(2), ByteOrder::Little);
    if (bytes.starts_with("\xFE\xFF"sv)) return from_utf16(rest(2), ByteOrder::Big);
    if (bytes.starts_with("\xEF\xBB\xBF"sv)) bytes.remove_prefix(3);
    if (bytes.find('\0') == std::string_view::npos) return std::string(bytes);
    if (bytes.size() < 2) return std::nullopt;
    return from_utf16(bytes, bytes[0] == '\0' ? ByteOrder::Big : ByteOrder::Little);
}

}  // namespace aml
