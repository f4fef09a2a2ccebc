#include "runconfig/text.hpp"

#include <algorithm>
#include <utility>

namespace aml::runconfig {

namespace {

/// Bytes of the character that starts at `offset`; 1 for a stray byte.
std::size_t character_length(std::string_view text, std::size_t offset) {
    const auto lead = static_cast<unsigned char>(text[offset]);
    std::size_t length = 1;
    if (lead >= 0xF0 && lead < 0xF8) {
        length = 4;
    } else if (lead >= 0xE0 && lead < 0xF0) {
        length = 3;
    } else if (lead >= 0xC0 && lead < 0xE0) {
        length = 2;
    }
    if (offset + length > text.size()) return 1;
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(text[offset + i]) & 0xC0) != 0x80) return 1;
    }
    return length;
}

/// A character of four bytes takes two UTF-16 units.
std::uint32_t utf16_units(std::size_t length) {
    return length == 4 ? 2 : 1;
}

std::vector<std::size_t> find_line_starts(std::string_view text) {
    std::vector<std::size_t> starts{0};
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
        if (text[i] == '\n' || text[i] == '\r') starts.push_back(i + 1);
    }
    return starts;
}

}  // namespace

TextIndex::TextIndex(std::string text)
    : text_(std::move(text)),
      line_starts_(find_line_starts(text_)) {}

Position TextIndex::position(std::size_t offset) const {
    offset = std::min(offset, text_.size());
    const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    const auto line = static_cast<std::size_t>(next - line_starts_.begin()) - 1;
    Position result{static_cast<std::uint32_t>(line), 0};
    for (std::size_t at = line_starts_[line]; at < offset;) {
        const auto length = character_length(text_, at);
        if (at + length > offset) break;
        result.character += utf16_units(length);
        at += length;
    }
    return result;
}

Range TextIndex::range(Span span) const {
    return {position(span.begin), position(span.end)};
}

std::size_t TextIndex::line_end(std::size_t line) const {
    if (line + 1 >= line_starts_.size()) return text_.size();
    auto end = line_starts_[line + 1];
    while (end > line_starts_[line] && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) --end;
    return end;
}

std::size_t TextIndex::offset(Position position) const {
    if (position.line >= line_starts_.size()) return text_.size();
    const auto end = line_end(position.line);
    auto at = line_starts_[position.line];
    std::uint32_t character = 0;
    while (at < end && character < position.character) {
        const auto length = character_length(text_, at);
        character += utf16_units(length);
        at += length;
    }
    return at;
}

std::string apply_in_turn(std::string text, const std::vector<TextEdit>& edits) {
    for (const auto& edit : edits) {
        const TextIndex index(text);
        const auto begin = index.offset(edit.range.start);
        const auto end = std::max(begin, index.offset(edit.range.end));
        text.replace(begin, end - begin, edit.text);
    }
    return text;
}

}  // namespace aml::runconfig
