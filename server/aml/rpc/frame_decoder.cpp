#include "rpc/frame_decoder.hpp"

#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace aml::rpc {
namespace {

constexpr std::string_view header_end = "\r\n\r\n";

std::optional<std::uint64_t> parse_length(std::string_view text) {
    std::uint64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [used, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || used != end) return std::nullopt;
    return value;
}

/// What a header block says: a length, or what is wrong with it.
struct HeaderFields {
    std::optional<std::string_view> content_length;
    bool malformed = false;
};

HeaderFields parse_header(std::string_view block) {
    HeaderFields fields;
    while (!block.empty()) {
        const auto line_end = std::min(block.find("\r\n"), block.size());
        const auto line = block.substr(0, line_end);
        block.remove_prefix(std::min(line_end + 2, block.size()));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0) {
            fields.malformed = true;
            return fields;
        }
        if (same_name(trimmed_view(line.substr(0, colon)), "Content-Length"))
            fields.content_length = trimmed_view(line.substr(colon + 1));
    }
    return fields;
}

}  // namespace

void FrameDecoder::feed(std::string_view bytes) {
    if (failed_) return;
    const auto skipped = std::min(skip_, bytes.size());
    skip_ -= skipped;
    bytes.remove_prefix(skipped);
    buffer_.append(bytes);
}

std::optional<Frame> FrameDecoder::next() {
    if (failed_) return std::nullopt;
    if (!body_length_) {
        if (auto failure = read_header()) return failure;
    }
    return body_length_ ? read_body() : std::nullopt;
}

bool FrameDecoder::at_boundary() const {
    return !failed_ && skip_ == 0 && !body_length_ && start_ == buffer_.size();
}

std::optional<Frame> FrameDecoder::read_header() {
    const auto end = buffer_.find(header_end, std::max(start_, searched_));
    const auto size = (end == std::string::npos ? buffer_.size() : end) - start_;
    if (size > max_header_bytes) {
        return fail(FrameFailureKind::HeaderTooLarge,
                    fmt::format("A message header is longer than {} bytes.", max_header_bytes));
    }
    if (end == std::string::npos) {
        searched_ = buffer_.size() < header_end.size() ? 0 : buffer_.size() - header_end.size() + 1;
        return std::nullopt;
    }
    const auto fields = parse_header(std::string_view(buffer_).substr(start_, size));
    if (fields.malformed)
        return fail(FrameFailureKind::BadHeader, "A message header has a line without a name.");
    if (!fields.content_length)
        return fail(FrameFailureKind::NoLength, "A message header has no Content-Length.");
    const auto length = parse_length(*fields.content_length);
    if (!length) {
        return fail(FrameFailureKind::BadLength,
                    "The Content-Length of a message header is not a number.");
    }
    consume(size + header_end.size());
    if (*length <= max_body_bytes) {
        body_length_ = static_cast<std::size_t>(*length);
        return std::nullopt;
    }
    const auto here = std::min<std::uint64_t>(*length, buffer_.size() - start_);
    consume(static_cast<std::size_t>(here));
    skip_ = static_cast<std::size_t>(*length - here);
    return FrameFailure{
        FrameFailureKind::BodyTooLarge,
        fmt::format("A message of {} bytes was skipped; the limit is {}.", *length, max_body_bytes),
        false};
}

std::optional<Frame> FrameDecoder::read_body() {
    if (buffer_.size() - start_ < *body_length_) return std::nullopt;
    auto body = buffer_.substr(start_, *body_length_);
    consume(*body_length_);
    body_length_.reset();
    return body;
}

Frame FrameDecoder::fail(FrameFailureKind kind, std::string message) {
    failed_ = true;
    buffer_ = {};
    start_ = 0;
    return FrameFailure{kind, std::move(message), true};
}

void FrameDecoder::consume(std::size_t count) {
    start_ += count;
    // Moves what is left to the front only when that is cheap compared with what was used.
    if (start_ == buffer_.size() || start_ > buffer_.size() / 2) {
        buffer_.erase(0, start_);
        start_ = 0;
        if (buffer_.empty() && buffer_.capacity() > max_header_bytes * 16) buffer_.shrink_to_fit();
    }
    searched_ = start_;
}

}  // namespace aml::rpc
