#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// A place in a text as LSP counts: zero-based line, and character in UTF-16 code units.
/// Source: Language Server Protocol 3.17, Position (default position encoding).
struct Position {
    std::uint32_t line = 0;
    std::uint32_t character = 0;

    auto operator<=>(const Position&) const = default;
};

/// From `start` up to but not including `end`.
struct Range {
    Position start;
    Position end;

    bool operator==(const Range&) const = default;
};

/// Byte offsets [begin, end) of a text.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;

    /// Whether `offset` lies inside or touches the end, as a cursor does.
    bool touches(std::size_t offset) const { return begin <= offset && offset <= end; }

    bool operator==(const Span&) const = default;
};

/// Replaces `range` of a document by `text`.
struct TextEdit {
    Range range;
    std::string text;

    bool operator==(const TextEdit&) const = default;
};

/// Translates between byte offsets of a UTF-8 text and positions. Lines end at \n, \r\n or \r, as
/// in LSP. Malformed UTF-8 is tolerated: each stray byte counts as one character.
class TextIndex final {
public:
    /// Scans `text` once and keeps a copy of it.
    explicit TextIndex(std::string text);

    const std::string& text() const { return text_; }

    /// The position of a byte; an offset past the end gives the end.
    Position position(std::size_t offset) const;
    Range range(Span span) const;
    /// The byte of a position; a character past the line's end gives the line's end, a line past
    /// the last the end of the text.
    std::size_t offset(Position position) const;

private:
    std::size_t line_end(std::size_t line) const;

    std::string text_;
    std::vector<std::size_t> line_starts_;
};

/// `text` with each edit applied in turn; each range refers to the text after the edits before it.
/// Source: LSP 3.17, DidChangeTextDocumentParams.contentChanges.
std::string apply_in_turn(std::string text, const std::vector<TextEdit>& edits);

}  // namespace aml::runconfig
