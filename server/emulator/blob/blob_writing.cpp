#include "async/run_blocking.hpp"
#include "blob/blob_headers.hpp"
#include "blob/blob_routes.hpp"
#include "blob/block_list.hpp"
#include "core/digest.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::emulator {

namespace {

constexpr std::size_t longest_block_list = 8 * 1024 * 1024;

asio::awaitable<std::string> read_text(const Request& request,
                                       BodyReader& body,
                                       std::size_t longest) {
    std::string text;
    for (;;) {
        const auto piece = co_await body.read();
        if (piece.empty()) co_return text;
        text += piece;
        if (text.size() > longest) {
            throw blob_error(request, 413, "RequestBodyTooLarge", "The request body is too large.");
        }
    }
}

Refused bad_header(const Request& request, std::string_view name) {
    return blob_error(
        request,
        400,
        "InvalidHeaderValue",
        fmt::format("The value for one of the HTTP headers is not in the correct format: {}.",
                    name));
}

}  // namespace

asio::awaitable<Reply> BlobWriting::put(const Request& request, BodyReader& body) {
    const auto& operation = request.query.get("comp");
    if (operation.empty()) co_return co_await put_blob(request, body);
    if (operation == "block") co_return co_await put_block(request, body);
    if (operation == "blocklist") co_return co_await put_block_list(request, body);
    if (operation == "appendblock") co_return co_await append_block(request, body);
    if (operation == "metadata") co_return co_await set_metadata(request, body);
    throw blob_error(request,
                     400,
                     "InvalidQueryParameterValue",
                     fmt::format("The emulator does not know the blob operation '{}'.", operation));
}

Reply BlobWriting::remove(const Request& request) {
    const auto blob = access_.require_blob(request, "d");
    check_conditions(request, blob);
    store_.remove(blob.key);
    return Reply::empty(202);
}

asio::awaitable<Reply> BlobWriting::put_blob(const Request& request, BodyReader& body) {
    access_.require_container(request, "cw");
    Blob blob;
    blob.key = BlobAccess::key(request);
    if (const auto old = store_.find(blob.key)) check_conditions(request, *old);
    blob.type = request.headers.get("x-ms-blob-type");
    if (blob.type != "BlockBlob" && blob.type != "AppendBlob")
        throw bad_header(request, "x-ms-blob-type");
    blob.content = store_.new_content();
    const auto written = co_await receive(request, body, blob.content);
    blob.size = written.size;
    if (blob.type == "BlockBlob") blob.content_md5 = written.md5;
    co_return co_await store(request, std::move(blob));
}

asio::awaitable<Reply> BlobWriting::put_block(const Request& request, BodyReader& body) {
    access_.require_container(request, "cw");
    StagedBlock block;
    block.id = request.query.get("blockid");
    block.content = store_.new_content();
    const auto id = base64_decode(block.id);
    if (!id || id->empty() || id->size() > 64) {
        throw blob_error(request,
                         400,
                         "InvalidQueryParameterValue",
                         "The block id must be Base64 of 1 to 64 bytes.");
    }
    const auto written = co_await receive(request, body, block.content);
    block.size = written.size;
    store_.stage(BlobAccess::key(request), block);
    auto reply = Reply::empty(201);
    reply.headers.set("Content-MD5", written.md5);
    reply.headers.set("x-ms-request-server-encrypted", "true");
    co_return reply;
}

asio::awaitable<Reply> BlobWriting::put_block_list(const Request& request, BodyReader& body) {
    access_.require_container(request, "cw");
    Blob blob;
    blob.key = BlobAccess::key(request);
    const auto old = store_.find(blob.key);
    if (old) check_conditions(request, *old);
    const auto text = co_await read_text(request, body, longest_block_list);
    const auto wanted = parse_block_list(text);
    if (!wanted)
        throw blob_error(request, 400, "InvalidXmlDocument", "The block list is not valid XML.");
    const auto sources = resolve_blocks(*wanted, store_.staged(blob.key), old);
    if (!sources)
        throw blob_error(request, 400, "InvalidBlockList", "The specified block list is invalid.");
    blob.content = store_.new_content();
    auto copy = [sources = *sources, target = store_.path_of(blob.content), root = context_.state] {
        ContentWriter writer(target);
        for (const auto& source : sources)
            writer.write_file(root / source.content, source.offset, source.size);
        return writer.finish().size;
    };
    blob.size = co_await async::run_blocking(context_.pool, std::move(copy));
    for (const auto& source : *sources) blob.blocks.push_back({source.id, source.size});
    blob.content_md5 = request.headers.get("x-ms-blob-content-md5");
    co_return co_await store(request, std::move(blob));
}

asio::awaitable<Reply> BlobWriting::append_block(const Request& request, BodyReader& body) {
    const auto blob = access_.require_blob(request, "aw");
    if (blob.type != "AppendBlob") {
        throw blob_error(
            request, 409, "InvalidBlobType", "The blob type is invalid for this operation.");
    }
    const auto& position = request.headers.get("x-ms-blob-condition-appendpos");
    if (!position.empty() && position != std::to_string(blob.size)) {
        throw blob_error(request,
                         412,
                         "AppendPositionConditionNotMet",
                         "The append position condition specified was not met.");
    }
    co_await receive_content(body, store_.path_of(blob.content), context_.pool, true);
    store_.touch(blob.key);
    const auto grown = store_.find(blob.key).value_or(blob);
    auto reply = written_reply(grown);
    reply.headers.set("x-ms-blob-append-offset", std::to_string(blob.size));
    co_return reply;
}

asio::awaitable<Reply> BlobWriting::set_metadata(const Request& request, BodyReader& body) {
    const auto blob = access_.require_blob(request, "w");
    check_conditions(request, blob);
    co_await read_text(request, body, longest_block_list);
    store_.set_metadata(blob.key, metadata_of(request));
    auto reply = written_reply(store_.find(blob.key).value_or(blob));
    reply.status = 200;
    reply.headers.erase("Content-MD5");
    co_return reply;
}

asio::awaitable<WrittenContent> BlobWriting::receive(const Request& request,
                                                     BodyReader& body,
                                                     const std::string& content) {
    auto written = co_await receive_content(body, store_.path_of(content), context_.pool);
    const auto& expected = request.headers.get("Content-MD5");
    if (!expected.empty() && expected != written.md5) {
        std::error_code ignored;
        std::filesystem::remove(store_.path_of(content), ignored);
        throw blob_error(request,
                         400,
                         "Md5Mismatch",
                         "The MD5 value specified in the request did not match with the MD5 value "
                         "calculated by the "
                         "server.");
    }
    co_return written;
}

asio::awaitable<Reply> BlobWriting::store(const Request& request, Blob blob) {
    const auto& blob_type = request.headers.get("x-ms-blob-content-type");
    const auto& plain_type = request.headers.get("Content-Type");
    if (!blob_type.empty()) {
        blob.content_type = blob_type;
    } else if (!plain_type.empty() && request.query.get("comp").empty()) {
        blob.content_type = plain_type;
    }
    blob.metadata = metadata_of(request);
    const bool replace = request.headers.get("If-None-Match") != "*";
    const auto stored = co_await store_.put(std::move(blob), replace);
    if (!stored)
        throw blob_error(request, 409, "BlobAlreadyExists", "The specified blob already exists.");
    co_return written_reply(*stored);
}

}  // namespace aml::emulator
