#include "azure/blobs.hpp"

#include "azure/blob_list.hpp"
#include "azure/blob_request.hpp"
#include "azure/errors.hpp"
#include "http/base64.hpp"
#include "http/url.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace aml::azure {
namespace {

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                    : std::nullopt;
}

/// The total of `bytes a-b/total` or `bytes */total`.
std::optional<std::uint64_t> total_of(const http::Headers& headers) {
    const auto range = headers.get("Content-Range").value_or("");
    const auto slash = range.rfind('/');
    return slash == std::string::npos ? std::nullopt
                                      : number_of(std::string_view(range).substr(slash + 1));
}

std::map<std::string, std::string> metadata_of(const http::Headers& headers) {
    constexpr std::string_view prefix = "x-ms-meta-";
    std::map<std::string, std::string> metadata;
    for (const auto& [name, value] : headers) {
        const auto lowered = lower(name);
        if (lowered.starts_with(prefix)) metadata[lowered.substr(prefix.size())] = value;
    }
    return metadata;
}

std::string block_list_xml(const std::vector<std::string>& block_ids) {
    std::string xml = R"(<?xml version="1.0" encoding="utf-8"?><BlockList>)";
    for (const auto& id : block_ids) xml += "<Latest>" + http::base64_encode(id) + "</Latest>";
    return xml + "</BlockList>";
}

/// "Exists already" is no failure where that was asked about; every other one is thrown.
BlobWrite written(Client& client,
                  const http::Response& response,
                  const LocalizedText& operation,
                  Overwrite overwrite) {
    const bool exists =
        overwrite == Overwrite::No && (response.status == 409 || response.status == 412);
    if (http::succeeded(response) || exists)
        return {.created = !exists, .attempts = response.attempts};
    throw error_of(response, operation, client.clock().now());
}

}  // namespace

BlobFolder blobs::folder_in_container(std::string_view uri, std::string subscription) {
    constexpr std::string_view scheme_end = "://";
    const auto scheme = uri.find(scheme_end);
    const auto host = scheme == std::string_view::npos ? 0 : scheme + scheme_end.size();
    auto slash = uri.find('/', host);
    const bool names_account =
        uri.substr(host, slash - host).find(".blob.") != std::string_view::npos;
    for (int segments = names_account ? 1 : 2; segments > 0 && slash < uri.size(); --segments)
        slash = uri.find('/', slash + 1);
    auto folder = slash < uri.size() ? http::percent_decode(uri.substr(slash + 1)) : std::string();
    while (folder.ends_with('/')) folder.pop_back();
    if (folder.empty()) {
        throw Error(ErrorKind::AzureFailed,
                    localize("Azure says that the code is in {}, which is no folder.", uri));
    }
    return {{Secret(std::string(uri.substr(0, slash))), std::move(subscription)},
            std::move(folder)};
}

BlobAddress blobs::address(const BlobAddress& container, std::string_view path) {
    const auto& whole = container.url.reveal();
    const auto question = whole.find('?');
    auto base = whole.substr(0, question);
    while (base.ends_with('/')) base.pop_back();
    const auto query = question == std::string::npos ? std::string() : whole.substr(question);
    return {Secret(base + '/' + http::percent_encode_path(path) + query), container.subscription};
}

asio::awaitable<BlobWrite> blobs::put_blob(
    Client& client, BlobAddress blob, http::Body body, Overwrite overwrite, std::stop_token stop) {
    const auto operation = localize("upload a file");
    auto request = blob_request(client, http::Method::Put, operation, blob);
    request.headers.set("x-ms-blob-type", "BlockBlob");
    request.headers.set("Content-Type", "application/octet-stream");
    if (overwrite == Overwrite::No) request.headers.set("If-None-Match", "*");
    request.body = std::move(body);
    const auto response = co_await send_blob(client, std::move(request), blob, std::move(stop));
    co_return written(client, response, operation, overwrite);
}

asio::awaitable<BlobWrite> blobs::put_block(
    Client& client, BlobAddress blob, std::string block_id, http::Body body, std::stop_token stop) {
    const auto operation = localize("upload a part of a file");
    const Query query{{"comp", "block"}, {"blockid", http::base64_encode(block_id)}};
    auto request = blob_request(client, http::Method::Put, operation, blob, query);
    request.headers.set("Content-Type", "application/octet-stream");
    request.body = std::move(body);
    const auto response = co_await send_blob(client, std::move(request), blob, std::move(stop));
    co_return written(client, response, operation, Overwrite::Yes);
}

asio::awaitable<BlobWrite> blobs::put_block_list(Client& client,
                                                 BlobAddress blob,
                                                 std::vector<std::string> block_ids,
                                                 Overwrite overwrite,
                                                 std::stop_token stop) {
    const auto operation = localize("finish the upload of a file");
    const Query query{{"comp", "blocklist"}};
    auto request = blob_request(client, http::Method::Put, operation, blob, query);
    request.headers.set("Content-Type", "application/xml");
    if (overwrite == Overwrite::No) request.headers.set("If-None-Match", "*");
    request.body = http::Body(block_list_xml(block_ids));
    const auto response = co_await send_blob(client, std::move(request), blob, std::move(stop));
    co_return written(client, response, operation, overwrite);
}

asio::awaitable<void> blobs::set_metadata(Client& client,
                                          BlobAddress blob,
                                          std::map<std::string, std::string> metadata,
                                          std::stop_token stop) {
    const auto operation = localize("mark the upload as complete");
    const Query query{{"comp", "metadata"}};
    auto request = blob_request(client, http::Method::Put, operation, blob, query);
    for (const auto& [name, value] : metadata) request.headers.set("x-ms-meta-" + name, value);
    const auto response = co_await send_blob(client, std::move(request), blob, std::move(stop));
    written(client, response, operation, Overwrite::Yes);
}

asio::awaitable<std::optional<BlobProperties>> blobs::head(Client& client,
                                                           BlobAddress blob,
                                                           std::stop_token stop) {
    const auto operation = localize("look at a file in storage");
    auto request = blob_request(client, http::Method::Head, operation, blob);
    const auto response = co_await send_blob(client, std::move(request), blob, std::move(stop));
    if (response.status == 404) co_return std::nullopt;
    written(client, response, operation, Overwrite::Yes);
    BlobProperties properties;
    properties.size = number_of(response.headers.get("Content-Length").value_or("")).value_or(0);
    properties.etag = response.headers.get("ETag").value_or("");
    properties.metadata = metadata_of(response.headers);
    co_return properties;
}

asio::awaitable<BlobRange> blobs::get_range(Client& client,
                                            BlobAddress blob,
                                            std::uint64_t offset,
                                            std::uint64_t limit,
                                            std::stop_token stop) {
    const auto operation = localize("read a file in storage");
    auto request = blob_request(client, http::Method::Get, operation, blob);
    request.headers.set("x-ms-range", fmt::format("bytes={}-{}", offset, offset + limit - 1));
    auto response = co_await send_blob(client, std::move(request), blob, std::move(stop));
    BlobRange range;
    if (response.status == 404) {
        range.missing = true;
        co_return range;
    }
    if (response.status == 416) {
        // Nothing new, or the blob is shorter now than `offset`: the total tells which.
        range.total = total_of(response.headers).value_or(offset);
        co_return range;
    }
    written(client, response, operation, Overwrite::Yes);
    if (response.status == 200) {
        // The service ignored the range and sent everything.
        range.total = response.body.size();
        if (offset < response.body.size()) range.bytes = response.body.substr(offset, limit);
        co_return range;
    }
    range.bytes = std::move(response.body);
    range.total = total_of(response.headers).value_or(offset + range.bytes.size());
    co_return range;
}

asio::awaitable<Page<BlobItem>> blobs::list(Client& client,
                                            BlobAddress container,
                                            std::string prefix,
                                            std::stop_token stop) {
    return list_from(
        client, std::move(container), std::move(prefix), "", PageTrail(), std::move(stop));
}

}  // namespace aml::azure
