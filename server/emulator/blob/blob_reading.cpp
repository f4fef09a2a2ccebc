#include "blob/blob_headers.hpp"
#include "blob/blob_routes.hpp"
#include "core/text.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

namespace aml::emulator {

namespace {

Reply not_satisfiable(const Request& request, const Blob& blob) {
    auto reply = blob_error(request,
                            416,
                            "InvalidRange",
                            "The range specified is invalid for the current size of the resource.")
                     .reply();
    reply.headers.set("Content-Range", fmt::format("bytes */{}", blob.size));
    return reply;
}

}  // namespace

Reply BlobReading::get(const Request& request) {
    if (request.query.get("comp") == "blocklist") return block_list(request);
    const auto blob = access_.require_blob(request, "r");
    check_conditions(request, blob);
    Reply reply;
    add_blob_headers(reply, blob);
    if (request.query.get("comp") == "metadata") return reply;
    FileBody body{store_.path_of(blob.content), 0, blob.size};
    const auto& blob_range = request.headers.get("x-ms-range");
    const auto range =
        parse_byte_range(blob_range.empty() ? request.headers.get("Range") : blob_range);
    if (range && request.method != "HEAD") {
        const auto part = clip(*range, blob.size);
        if (!part) return not_satisfiable(request, blob);
        body.offset = part->first;
        body.length = part->last - part->first + 1;
        reply.status = 206;
        reply.headers.set("Content-Range",
                          fmt::format("bytes {}-{}/{}", part->first, part->last, blob.size));
        // The MD5 in the index is that of the whole blob, not of this part.
        reply.headers.erase("Content-MD5");
        if (!blob.content_md5.empty()) reply.headers.set("x-ms-blob-content-md5", blob.content_md5);
    }
    reply.body = std::move(body);
    return reply;
}

Reply BlobReading::block_list(const Request& request) {
    access_.require_container(request, "r");
    const auto key = BlobAccess::key(request);
    const auto blob = store_.find(key);
    const auto staged = store_.staged(key);
    if (!blob && staged.empty()) {
        throw blob_error(request, 404, "BlobNotFound", "The specified blob does not exist.");
    }
    const auto& wanted = request.query.get("blocklisttype");
    std::string xml = "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>";
    const auto add = [&](const std::string& id, std::uint64_t size) {
        xml += fmt::format("<Block><Name>{}</Name><Size>{}</Size></Block>", xml_escape(id), size);
    };
    if (!same_text(wanted, "uncommitted")) {
        xml += "<CommittedBlocks>";
        for (const auto& block : blob ? blob->blocks : json::array()) add(block[0], block[1]);
        xml += "</CommittedBlocks>";
    }
    if (same_text(wanted, "uncommitted") || same_text(wanted, "all")) {
        xml += "<UncommittedBlocks>";
        for (const auto& block : staged) add(block.id, block.size);
        xml += "</UncommittedBlocks>";
    }
    auto reply = Reply::of_text(xml + "</BlockList>", "application/xml");
    if (blob) {
        reply.headers.set("ETag", blob->etag);
        reply.headers.set("x-ms-blob-content-length", std::to_string(blob->size));
    }
    return reply;
}

}  // namespace aml::emulator
