// Whatever bytes come, and however they are cut, the decoder must neither crash nor depend on the
// cuts.
#include "rpc/frame_decoder.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using aml::rpc::Frame;
using aml::rpc::FrameDecoder;
using aml::rpc::FrameFailure;

std::string to_text(const Frame& frame) {
    const auto* failure = std::get_if<FrameFailure>(&frame);
    return failure != nullptr ? "failure " + failure->message
                              : "body " + std::get<std::string>(frame);
}

/// Feeds pieces of the given size.
std::vector<std::string> decode(std::string_view bytes, std::size_t piece) {
    FrameDecoder decoder;
    std::vector<std::string> found;
    while (!bytes.empty()) {
        decoder.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        while (auto frame = decoder.next()) found.push_back(to_text(*frame));
    }
    return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    // The first byte chooses the cuts; a body's length makes the rest a frame, so that bodies are
    // reached as well.
    const std::string rest(data + 1, data + size);
    const auto framed = "Content-Length: " + std::to_string(rest.size()) + "\r\n\r\n" + rest;
    const std::size_t piece = std::size_t{data[0]} % 64 + 1;
    for (const auto& bytes : {rest, framed, framed + rest}) {
        if (decode(bytes, bytes.size() + 1) != decode(bytes, piece)) std::abort();
    }
    if (decode(framed, piece).front() != "body " + rest) std::abort();
    return 0;
}
