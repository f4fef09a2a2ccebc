#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aml {

/// Adds the UTF-8 bytes of a code point, which must be one (RFC 3629).
void append_utf8(std::string& out, char32_t code);

/// The code points of a UTF-8 text; empty when it is not well-formed (RFC 3629).
std::optional<std::u32string> decode_utf8(std::string_view text);

/// The bytes of a text file as UTF-8 without a byte order mark: UTF-16 and UTF-32, in either order
/// of bytes, are told by their mark, UTF-16 without one by the zeros that ASCII letters have in it
/// (as Windows PowerShell and old editors write). Other bytes are left as they are, well-formed or
/// not. Empty when they are no text: a zero byte, or a broken UTF-16 or UTF-32.
std::optional<std::string> text_from_bytes(std::string_view bytes);

}  // namespace aml
