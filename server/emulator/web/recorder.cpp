#include "web/recorder.hpp"

#include "core/json.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "support/error.hpp"
#include "web/faults.hpp"
#include "web/redact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace aml::emulator {
namespace {

json summary_of(std::uint64_t length, const std::string& digest) {
    if (length == 0) return nullptr;
    return {{"length", length}, {"sha256", hex(digest)}};
}

std::string as_text(const std::string& bytes) {
    return is_utf8(bytes) ? bytes : percent_encode(bytes, "/?&=:%");
}

/// A program that was killed may have left the beginning of a line.
void remove_unfinished_line(const std::filesystem::path& file) {
    std::ifstream input(file, std::ios::binary);
    const std::string lines(std::istreambuf_iterator<char>(input), {});
    const auto whole = lines.rfind('\n') + 1;  // 0 when there is none
    if (whole < lines.size()) std::filesystem::resize_file(file, whole);
}

std::FILE* open_record(const std::filesystem::path& file) {
    remove_unfinished_line(file);
    return std::fopen(file.string().c_str(), "ab");
}

}  // namespace

BodyTally::BodyTally(BodyReader& source)
    : source_(source),
      hasher_(Hasher::Algorithm::Sha256) {}

asio::awaitable<std::string> BodyTally::read() {
    auto chunk = co_await source_.read();
    hasher_.update(chunk);
    count_ += chunk.size();
    co_return chunk;
}

std::optional<std::uint64_t> BodyTally::length() const {
    return source_.length();
}

json BodyTally::summary() {
    return summary_of(count_, hasher_.finish());
}

Recorder::Recorder(const std::filesystem::path& file)
    : file_(open_record(file)),
      name_(file.string()) {
    if (!file_)
        throw Error(
            ErrorKind::Unavailable,
            fmt::format("Cannot open the record file {}: {}.", name_, std::strerror(errno)));
}

json Recorder::body_entry(const Headers& headers, std::string_view body) {
    if (body.empty()) return nullptr;
    if (headers.get("Content-Type").find("json") != std::string::npos) {
        if (auto parsed = parse_json(body)) return redact_json(std::move(*parsed));
    }
    return summary_of(body.size(), sha256(body));
}

json Recorder::file_entry(const FileBody& file) {
    std::ifstream input(file.path, std::ios::binary);
    input.seekg(static_cast<std::streamoff>(file.offset));
    Hasher hasher(Hasher::Algorithm::Sha256);
    std::string chunk(std::size_t{1} << 16U, '\0');
    auto left = file.length;
    while (left > 0 && input) {
        input.read(chunk.data(),
                   static_cast<std::streamsize>(std::min<std::uint64_t>(left, chunk.size())));
        const auto count = static_cast<std::size_t>(input.gcount());
        hasher.update(std::string_view(chunk).substr(0, count));
        left -= count;
    }
    return summary_of(file.length - left, hasher.finish());
}

void Recorder::write(const Request& request,
                     const json& streamed,
                     const Reply& reply,
                     const json& file_summary) {
    const bool lost = reply.damage == Damage::Reset;
    json line;
    line["time"] = iso_time(request.received);
    line["method"] = request.method;
    line["url"] = redact_parameters(as_text(request.base_url + request.target));
    line["requestHeaders"] = redact_headers(request.headers);
    line["requestBody"] = streamed.is_null() ? body_entry(request.headers, request.body) : streamed;
    // A connection that was reset has no status.
    line["status"] = lost ? 0 : reply.status;
    auto headers = reply.headers;
    const auto& fault = headers.get(fault_note);
    if (!fault.empty()) line["fault"] = fault;
    headers.erase(fault_note);
    headers.erase(trickle_note);
    line["responseHeaders"] = lost ? json::object() : redact_headers(headers);
    const auto* text = std::get_if<std::string>(&reply.body);
    line["responseBody"] = lost              ? json()
                           : text == nullptr ? file_summary
                                             : body_entry(reply.headers, *text);
    const auto dumped = json_text(line) + "\n";
    if (std::fwrite(dumped.data(), 1, dumped.size(), file_.get()) != dumped.size() ||
        std::fflush(file_.get()) != 0) {
        throw Error(
            ErrorKind::Unavailable,
            fmt::format("Cannot write the record file {}: {}.", name_, std::strerror(errno)));
    }
}

}  // namespace aml::emulator
