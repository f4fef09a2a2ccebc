#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace aml::emulator {

/// First and last byte, both included.
struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t last = std::numeric_limits<std::uint64_t>::max();

    bool operator==(const ByteRange&) const = default;
};

/// Reads `bytes=a-b` or `bytes=a-`; nothing for anything else, which the blob service ignores.
std::optional<ByteRange> parse_byte_range(std::string_view header);

/// The part of `range` that exists in `size` bytes; nothing when it starts behind the end.
std::optional<ByteRange> clip(ByteRange range, std::uint64_t size);

}  // namespace aml::emulator
