#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <string_view>

namespace aml::snapshot {

/// A set of bytes written as `[abc]`, `[!a-z]`, `[[:digit:]_]`.
struct ByteSet {
    std::bitset<256> bytes;
    /// Length of the text read, from '[' to ']'.
    std::size_t length = 0;
};

/// Reads the set that starts at the '[' of `text`. Empty when it is unfinished or names an unknown
/// class: git lets such a pattern match nothing.  Source: git's wildmatch; POSIX bracket
/// expressions in the C locale.
std::optional<ByteSet> parse_byte_set(std::string_view text);

}  // namespace aml::snapshot
