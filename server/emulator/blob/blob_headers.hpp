#pragma once

#include "blob/blob_store.hpp"
#include "web/message.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace aml::emulator {

/// Fields that every read of a blob carries.
void add_blob_headers(Reply& reply, const Blob& blob);

/// 201 of a write: ETag, Last-Modified and the confirmation of encryption.
Reply written_reply(const Blob& blob);

/// Checks If-Match and If-None-Match. Throws: Refused with 412 ConditionNotMet, or 304 for a read.
void check_conditions(const Request& request, const Blob& blob);

/// `x-ms-meta-*` of a request as lower-case names and values.
json metadata_of(const Request& request);

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
