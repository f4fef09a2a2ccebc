#pragma once

#include <doctest/doctest.h>
#include <zlib.h>

#include <string>

namespace aml::test {

/// `text` as a service that compresses sends it.
inline std::string gzip(const std::string& text) {
    z_stream stream{};
    const int begun =
        deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
    REQUIRE(begun == Z_OK);
    std::string packed(deflateBound(&stream, text.size()), '\0');
    // zlib reads from here, and only lacks the word const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const int ended = deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    REQUIRE(ended == Z_STREAM_END);
    return packed;
}

}  // namespace aml::test
