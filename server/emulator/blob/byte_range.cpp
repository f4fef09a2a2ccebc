#include "blob/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace aml::emulator {

namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return number;
}

}  // namespace

std::optional<ByteRange> parse_byte_range(std::string_view header) {
    constexpr std::string_view unit = "bytes=";
    if (!header.starts_with(unit)) return std::nullopt;
    header.remove_prefix(unit.size());
    const auto dash = header.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto first = parse_number(header.substr(0, dash));
    const auto last_text = header.substr(dash + 1);
    if (!first) return std::nullopt;
    if (last_text.empty()) return ByteRange{.first = *first};
    const auto last = parse_number(last_text);
    if (!last || *last < *first) return std::nullopt;
    return ByteRange{*first, *last};
}

std::optional<ByteRange> clip(ByteRange range, std::uint64_t size) {
    if (range.first >= size) return std::nullopt;
    range.last = std::min(range.last, size - 1);
    return range;
}

}  // namespace aml::emulator
