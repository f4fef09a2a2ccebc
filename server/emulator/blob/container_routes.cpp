#include "blob/blob_routes.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace aml::emulator {

namespace {

constexpr std::string_view xml_start = "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?>";
constexpr std::size_t longest_page = 5000;

std::size_t page_length(const Request& request) {
    const auto& text = request.query.get("maxresults");
    std::size_t count = longest_page;
    if (text.empty()) return count;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end != text.data() + text.size() || count == 0) {
        throw blob_error(
            request, 400, "OutOfRangeQueryParameterValue", "maxresults must be a positive number.");
    }
    return std::min(count, longest_page);
}

std::string element(std::string_view name, std::string_view value) {
    return value.empty() ? fmt::format("<{} />", name)
                         : fmt::format("<{0}>{1}</{0}>", name, xml_escape(value));
}

std::string blob_xml(const Blob& blob, bool with_metadata) {
    auto xml = fmt::format(
        "<Blob>{}<Properties>{}{}{}{}{}{}{}<ServerEncrypted>true</ServerEncrypted></Properties>",
        element("Name", blob.key.name),
        element("Creation-Time", http_time(blob.created)),
        element("Last-Modified", http_time(blob.modified)),
        element("Etag", std::string_view(blob.etag).substr(1, blob.etag.size() - 2)),
        element("Content-Length", std::to_string(blob.size)),
        element("Content-Type", blob.content_type),
        element("Content-MD5", blob.content_md5),
        element("BlobType", blob.type));
    if (with_metadata) {
        xml += "<Metadata>";
        for (const auto& [name, value] : blob.metadata.items())
            xml += element(name, value.get<std::string>());
        xml += "</Metadata>";
    }
    return xml + "</Blob>";
}

void require_container_type(const Request& request) {
    if (same_text(request.query.get("restype"), "container")) return;
    throw blob_error(request,
                     400,
                     "InvalidQueryParameterValue",
                     "Operations on a container need the query parameter restype=container.");
}

void add_container_headers(Reply& reply, const Container& container) {
    reply.headers.set("ETag", container.etag);
    reply.headers.set("Last-Modified", http_time(container.modified));
}

}  // namespace

Reply ContainerRoutes::put(const Request& request) {
    require_container_type(request);
    access_.require(request, "cw");
    const auto& account = request.param("account");
    const auto& name = request.param("container");
    if (!store_.create_container(account, name)) {
        throw blob_error(
            request, 409, "ContainerAlreadyExists", "The specified container already exists.");
    }
    auto reply = Reply::empty(201);
    if (const auto container = store_.find_container(account, name))
        add_container_headers(reply, *container);
    return reply;
}

Reply ContainerRoutes::get(const Request& request) {
    require_container_type(request);
    if (request.query.get("comp") == "list") return list_blobs(request);
    access_.require_container(request, "rl");
    auto reply = Reply::empty(200);
    const auto container =
        store_.find_container(request.param("account"), request.param("container"));
    if (container) add_container_headers(reply, *container);
    reply.headers.set("x-ms-lease-status", "unlocked");
    reply.headers.set("x-ms-lease-state", "available");
    return reply;
}

Reply ContainerRoutes::remove(const Request& request) {
    require_container_type(request);
    access_.require_container(request, "d");
    store_.remove_container(request.param("account"), request.param("container"));
    return Reply::empty(202);
}

Reply ContainerRoutes::list_containers(const Request& request) {
    if (request.query.get("comp") != "list") {
        throw blob_error(request,
                         400,
                         "InvalidQueryParameterValue",
                         "The operation on the account is not known.");
    }
    access_.require(request, "l");
    const auto& account = request.param("account");
    const auto& prefix = request.query.get("prefix");
    auto xml = fmt::format("{}<EnumerationResults ServiceEndpoint=\"{}/{}\">{}<Containers>",
                           xml_start,
                           request.base_url,
                           account,
                           element("Prefix", prefix));
    for (const auto& container : store_.list_containers(account, prefix)) {
        xml += fmt::format("<Container>{}<Properties>{}{}</Properties></Container>",
                           element("Name", container.name),
                           element("Last-Modified", http_time(container.modified)),
                           element("Etag", container.etag));
    }
    return Reply::of_text(xml + "</Containers><NextMarker /></EnumerationResults>",
                          "application/xml");
}

Reply ContainerRoutes::list_blobs(const Request& request) {
    access_.require_container(request, "l");
    const auto limit = page_length(request);
    auto entries = store_.list_folder(request.param("account"),
                                      request.param("container"),
                                      request.query.get("prefix"),
                                      request.query.get("delimiter"),
                                      request.query.get("marker"),
                                      limit + 1);
    const bool more = entries.size() > limit;
    if (more) entries.pop_back();
    auto xml = fmt::format("{}<EnumerationResults ServiceEndpoint=\"{}/{}\" ContainerName=\"{}\">",
                           xml_start,
                           request.base_url,
                           request.param("account"),
                           xml_escape(request.param("container")));
    for (const auto& [tag, parameter] : {std::pair{"Prefix", "prefix"},
                                         std::pair{"Marker", "marker"},
                                         std::pair{"MaxResults", "maxresults"},
                                         std::pair{"Delimiter", "delimiter"}}) {
        if (request.query.has(parameter)) xml += element(tag, request.query.get(parameter));
    }
    const bool with_metadata = request.query.get("include").find("metadata") != std::string::npos;
    xml += "<Blobs>";
    for (const auto& entry : entries) {
        xml += entry.blob ? blob_xml(*entry.blob, with_metadata)
                          : fmt::format("<BlobPrefix>{}</BlobPrefix>", element("Name", entry.name));
    }
    xml += "</Blobs>" + element("NextMarker", more ? entries.back().marker() : "");
    return Reply::of_text(xml + "</EnumerationResults>", "application/xml");
}

}  // namespace aml::emulator
