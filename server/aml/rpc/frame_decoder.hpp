#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace aml::rpc {

/// Why a frame could not be read.
enum class FrameFailureKind { HeaderTooLarge, BadHeader, NoLength, BadLength, BodyTooLarge };

struct FrameFailure {
    FrameFailureKind kind;
    std::string message;
    /// True if the decoder has lost its place in the stream: nothing more can be read from it.
    bool fatal;
};

/// A message body, or why there is none.
using Frame = std::variant<std::string, FrameFailure>;

/// Cuts a stream of bytes into message bodies. Knows no stream: it is fed.
/// Headers come in any order and case; `Content-Length` is required, others are ignored. A body
/// that is too large is reported once, skipped, and reading goes on after it. Source: LSP 3.17
/// "Base Protocol", header part.
class FrameDecoder final {
public:
    static constexpr std::size_t max_header_bytes = 8 * 1024;
    static constexpr std::size_t max_body_bytes = 64 * 1024 * 1024;

    /// Adds what was read. Ignored after a fatal failure.
    void feed(std::string_view bytes);

    /// The next complete frame; nothing until more is fed, or ever again after a fatal failure.
    std::optional<Frame> next();

    /// True if the stream could end here without cutting a message in two.
    bool at_boundary() const;

private:
    std::optional<Frame> read_header();
    std::optional<Frame> read_body();
    Frame fail(FrameFailureKind kind, std::string message);
    void consume(std::size_t count);

    std::string buffer_;
    /// Bytes of `buffer_` that were used already.
    std::size_t start_ = 0;
    /// Where the search for the end of the header goes on, so that no byte is looked at twice.
    std::size_t searched_ = 0;
    /// Length of the body that comes next; absent while reading a header.
    std::optional<std::size_t> body_length_;
    /// Bytes still to be skipped.
    std::size_t skip_ = 0;
    bool failed_ = false;
};

}  // namespace aml::rpc
