#include "web/compression.hpp"

#include "core/text.hpp"
#include "support/error.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>

namespace aml::emulator {
namespace {

/// Below this the headers weigh more than what is saved.
constexpr std::size_t least_bytes = 1024;

bool is_text(std::string_view content_type) {
    return starts_with_text(content_type, "text/") ||
           content_type.find("json") != std::string_view::npos ||
           content_type.find("xml") != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// The weight of a coding in `Accept-Encoding`: 1 when nothing is said.
double weight_of(std::string_view parameters) {
    const auto start = parameters.find("q=");
    if (start == std::string_view::npos) return 1;
    return std::strtod(std::string(parameters.substr(start + 2)).c_str(), nullptr);
}

}  // namespace

bool negotiate_compression(const Request& request, Reply& reply) {
    const auto* text = std::get_if<std::string>(&reply.body);
    if (request.surface == Surface::Blob || text == nullptr || text->size() < least_bytes ||
        !is_text(reply.headers.get("Content-Type")) || reply.headers.has("Content-Encoding") ||
        reply.status == 204 || reply.status == 304) {
        return false;
    }
    reply.headers.add("Vary", "Accept-Encoding");
    if (!accepts_gzip(request.headers.get("Accept-Encoding"))) return false;
    reply.headers.set("Content-Encoding", "gzip");
    return true;
}

bool accepts_gzip(std::string_view accept_encoding) {
    double any = 0;
    while (!accept_encoding.empty()) {
        const auto comma = std::min(accept_encoding.find(','), accept_encoding.size());
        const auto item = accept_encoding.substr(0, comma);
        accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
        const auto semicolon = std::min(item.find(';'), item.size());
        const auto coding = trimmed(item.substr(0, semicolon));
        const auto weight = weight_of(item.substr(semicolon));
        if (same_text(coding, "gzip") || same_text(coding, "x-gzip")) return weight > 0;
        if (coding == "*") any = weight;
    }
    return any > 0;
}

std::string gzip(std::string_view text) {
    // 16 more than the window's size asks zlib for gzip's frame instead of its own.
    constexpr int gzip_window = MAX_WBITS + 16;
    constexpr int memory_level = 8;
    z_stream stream{};
    if (deflateInit2(&stream,
                     Z_DEFAULT_COMPRESSION,
                     Z_DEFLATED,
                     gzip_window,
                     memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        throw Error(ErrorKind::InternalError, "zlib cannot start compressing.");
    }
    std::string packed(deflateBound(&stream, text.size()), '\0');
    // zlib reads from here, and only lacks the word const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const int ended = deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    if (ended != Z_STREAM_END) throw Error(ErrorKind::InternalError, "zlib cannot compress.");
    return packed;
}

}  // namespace aml::emulator
