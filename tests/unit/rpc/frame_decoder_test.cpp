#include "rpc/frame_decoder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <variant>
#include <vector>

namespace aml::rpc::frame_decoder_test {

namespace {

std::string frame(const std::string& body) {
    return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::vector<std::string> bodies(FrameDecoder& decoder) {
    std::vector<std::string> found;
    while (auto next = decoder.next()) {
        REQUIRE(std::holds_alternative<std::string>(*next));
        found.push_back(std::get<std::string>(*next));
    }
    return found;
}

FrameFailure failure_of(std::string_view bytes) {
    FrameDecoder decoder;
    decoder.feed(bytes);
    const auto next = decoder.next();
    REQUIRE(next.has_value());
    REQUIRE(std::holds_alternative<FrameFailure>(*next));
    return std::get<FrameFailure>(*next);
}

}  // namespace

TEST_CASE("frames are found wherever the stream is cut") {
    const std::string stream = frame("{}") + frame("") + frame("[1,2,3]");
    for (std::size_t step = 1; step <= stream.size(); ++step) {
        FrameDecoder decoder;
        std::vector<std::string> found;
        for (std::size_t at = 0; at < stream.size(); at += step) {
            decoder.feed(std::string_view(stream).substr(at, step));
            for (auto& body : bodies(decoder)) found.push_back(std::move(body));
        }
        CHECK(found == std::vector<std::string>{"{}", "", "[1,2,3]"});
        CHECK(decoder.at_boundary());
    }
}

TEST_CASE("headers come in any order and case, others are ignored") {
    FrameDecoder decoder;
    decoder.feed(
        "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-LENGTH:2 \r\n\r\n{}");
    CHECK(bodies(decoder) == std::vector<std::string>{"{}"});
}

TEST_CASE("a broken header is fatal and says why") {
    CHECK(failure_of("Content-Type: x\r\n\r\n").kind == FrameFailureKind::NoLength);
    CHECK(failure_of("\r\n\r\n{}").kind == FrameFailureKind::NoLength);
    CHECK(failure_of("Content-Length: -1\r\n\r\n").kind == FrameFailureKind::BadLength);
    CHECK(failure_of("Content-Length: 1e3\r\n\r\n").kind == FrameFailureKind::BadLength);
    CHECK(failure_of("Content-Length: 99999999999999999999999\r\n\r\n").kind ==
          FrameFailureKind::BadLength);
    CHECK(failure_of("{\"jsonrpc\":\"2.0\"}\r\n\r\n").fatal);
    CHECK(failure_of(": 3\r\n\r\n").kind == FrameFailureKind::BadHeader);
    CHECK(failure_of("no colon here\r\n\r\n").kind == FrameFailureKind::BadHeader);
}

TEST_CASE("a header that never ends is given up at its limit") {
    FrameDecoder decoder;
    decoder.feed(std::string(FrameDecoder::max_header_bytes, 'x'));
    CHECK_FALSE(decoder.next().has_value());
    decoder.feed("x");
    const auto next = decoder.next();
    REQUIRE(next.has_value());
    CHECK(std::get<FrameFailure>(*next).kind == FrameFailureKind::HeaderTooLarge);
    decoder.feed(frame("{}"));
    CHECK_FALSE(decoder.next().has_value());
}

TEST_CASE("an oversized body is reported, skipped, and reading goes on") {
    const std::size_t size = FrameDecoder::max_body_bytes + 10;
    FrameDecoder decoder;
    decoder.feed("Content-Length: " + std::to_string(size) + "\r\n\r\nstart");
    const auto next = decoder.next();
    REQUIRE(next.has_value());
    CHECK(std::get<FrameFailure>(*next).kind == FrameFailureKind::BodyTooLarge);
    CHECK_FALSE(std::get<FrameFailure>(*next).fatal);
    CHECK_FALSE(decoder.at_boundary());
    const std::string chunk(std::size_t{1} << 20, 'x');
    std::size_t rest = size - 5;
    while (rest > 0) {
        const auto part = std::min(rest, chunk.size());
        decoder.feed(std::string_view(chunk).substr(0, part));
        rest -= part;
        CHECK_FALSE(decoder.next().has_value());
    }
    decoder.feed(frame("{}"));
    CHECK(bodies(decoder) == std::vector<std::string>{"{}"});
}

TEST_CASE("the largest body is accepted") {
    FrameDecoder decoder;
    decoder.feed(frame(std::string(FrameDecoder::max_body_bytes, ' ')));
    const auto found = bodies(decoder);
    REQUIRE(found.size() == 1);
    CHECK(found.front().size() == FrameDecoder::max_body_bytes);
}

TEST_CASE("the end of the stream inside a message is noticed") {
    FrameDecoder decoder;
    CHECK(decoder.at_boundary());
    decoder.feed("Content-Length: 4\r\n\r\n{}");
    CHECK_FALSE(decoder.next().has_value());
    CHECK_FALSE(decoder.at_boundary());
}

}  // namespace aml::rpc::frame_decoder_test
