#include "azure/blob_list.hpp"

#include "azure/blob_request.hpp"
#include "azure/errors.hpp"
#include "azure/xml.hpp"
#include "http/base64.hpp"
#include "http/url.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <charconv>

namespace aml::azure {
namespace {

bool is_folder(std::string_view blob) {
    return xml_element(blob, "hdi_isfolder") == "true" ||
           xml_element(blob, "ResourceType") == "directory";
}

/// Storage has it in base64.
std::string md5_text(std::string_view content_md5) {
    const auto bytes = http::base64_decode(content_md5).value_or(std::string());
    std::string hex;
    for (const char byte : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return hex;
}

}  // namespace

BlobListing parse_blob_list(std::string_view xml) {
    if (xml.find("<EnumerationResults") == std::string_view::npos) {
        throw Error(ErrorKind::AzureFailed,
                    localize("Cannot list the files in storage: the answer is not a list."));
    }
    BlobListing listing;
    listing.next_marker = xml_unescape(xml_element(xml, "NextMarker"));
    auto rest = xml_element(xml, "Blobs");
    while (true) {
        const auto start = rest.find("<Blob>");
        if (start == std::string_view::npos) break;
        rest.remove_prefix(start);
        const auto blob = xml_element(rest, "Blob");
        rest.remove_prefix(std::string_view("<Blob>").size() + blob.size());
        if (is_folder(blob)) continue;
        BlobItem item;
        item.name = xml_unescape(xml_element(blob, "Name"));
        const auto length = xml_element(blob, "Content-Length");
        std::from_chars(length.data(), length.data() + length.size(), item.size);
        item.md5 = md5_text(xml_element(blob, "Content-MD5"));
        if (!item.name.empty()) listing.items.push_back(std::move(item));
    }
    return listing;
}

asio::awaitable<Page<BlobItem>> list_from(Client& client,
                                          BlobAddress container,
                                          std::string prefix,
                                          std::string marker,
                                          PageTrail trail,
                                          std::stop_token stop) {
    const Query query{{"restype", "container"},
                      {"comp", "list"},
                      {"include", "metadata"},
                      {"prefix", prefix},
                      {"marker", marker}};
    auto request = blob_request(
        client, http::Method::Get, localize("list the files in storage"), container, query);
    const auto operation = request.operation;
    const auto response =
        co_await send_blob(client, std::move(request), container, std::move(stop));
    if (!http::succeeded(response)) throw error_of(response, operation, client.clock().now());
    auto listing = parse_blob_list(response.body);
    Page<BlobItem> page;
    page.items = std::move(listing.items);
    if (!listing.next_marker.empty()) {
        trail.go_on(operation, listing.next_marker);
        page.fetch = [&client, container, prefix, next = listing.next_marker, trail](
                         std::stop_token next_stop) {
            return list_from(client, container, prefix, next, trail, std::move(next_stop));
        };
    }
    co_return page;
}

}  // namespace aml::azure
