#include "blob/blob_headers.hpp"

#include "core/text.hpp"
#include "core/time.hpp"
#include "web/errors.hpp"

#include <algorithm>
#include <charconv>

namespace aml::emulator {

namespace {

constexpr std::string_view metadata_prefix = "x-ms-meta-";

bool names(const std::string& condition, const std::string& etag) {
    if (condition == "*") return true;
    // Clients send the tag with and without its quotes.
    return condition == etag || "\"" + condition + "\"" == etag;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return number;
}

}  // namespace

void add_blob_headers(Reply& reply, const Blob& blob) {
    auto& headers = reply.headers;
    headers.set("Content-Type", blob.content_type);
    if (!blob.content_md5.empty()) headers.set("Content-MD5", blob.content_md5);
    headers.set("Accept-Ranges", "bytes");
    headers.set("ETag", blob.etag);
    headers.set("Last-Modified", http_time(blob.modified));
    headers.set("x-ms-creation-time", http_time(blob.created));
    headers.set("x-ms-blob-type", blob.type);
    headers.set("x-ms-lease-status", "unlocked");
    headers.set("x-ms-lease-state", "available");
    headers.set("x-ms-server-encrypted", "true");
    for (const auto& [name, value] : blob.metadata.items()) {
        headers.set(std::string(metadata_prefix) + name, value.get<std::string>());
    }
}

Reply written_reply(const Blob& blob) {
    auto reply = Reply::empty(201);
    reply.headers.set("ETag", blob.etag);
    reply.headers.set("Last-Modified", http_time(blob.modified));
    if (!blob.content_md5.empty()) reply.headers.set("Content-MD5", blob.content_md5);
    reply.headers.set("x-ms-request-server-encrypted", "true");
    return reply;
}

void check_conditions(const Request& request, const Blob& blob) {
    const auto& match = request.headers.get("If-Match");
    const auto& none_match = request.headers.get("If-None-Match");
    const bool read = request.method == "GET" || request.method == "HEAD";
    if (!match.empty() && !names(match, blob.etag)) {
        throw blob_error(request,
                         412,
                         "ConditionNotMet",
                         "The condition specified using HTTP conditional header(s) is not met.");
    }
    if (none_match.empty() || !names(none_match, blob.etag)) return;
    if (read) throw Refused(Reply::empty(304));
    throw blob_error(request, 409, "BlobAlreadyExists", "The specified blob already exists.");
}

json metadata_of(const Request& request) {
    auto metadata = json::object();
    for (const auto& [name, value] : request.headers) {
        const auto lower = to_lower(name);
        if (lower.starts_with(metadata_prefix))
            metadata[lower.substr(metadata_prefix.size())] = value;
    }
    return metadata;
}

std::optional<ByteRange> parse_byte_range(std::string_view header) {
    constexpr std::string_view unit = "bytes=";
    if (!header.starts_with(unit)) return std::nullopt;
    header.remove_prefix(unit.size());
    const auto dash = header.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto first = parse_number(header.substr(0, dash));
    const auto last_text = header.substr(dash + 1);
    if (!first) return std::nullopt;
    if (last_text.empty()) return ByteRange{.first = *first};
    const auto last = parse_number(last_text);
    if (!last || *last < *first) return std::nullopt;
    return ByteRange{*first, *last};
}

std::optional<ByteRange> clip(ByteRange range, std::uint64_t size) {
    if (range.first >= size) return std::nullopt;
    range.last = std::min(range.last, size - 1);
    return range;
}

}  // namespace aml::emulator
