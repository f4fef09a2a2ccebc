#include "web/session.hpp"

#include "async/run_blocking.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "support/error.hpp"
#include "web/faults.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <string>

namespace aml::emulator {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr std::size_t chunk_bytes = 64 * 1024;
/// Of a file in memory at once.
constexpr std::uint64_t file_bytes = 256 * 1024;
/// An unread rest of a body up to this size is read to keep the connection; a longer one ends it.
constexpr std::uint64_t longest_drain = 4 * 1024 * 1024;

std::string view(beast::string_view text) {
    return {text.data(), text.size()};
}

template <typename Message>
Request read_head(const Message& message, std::string_view scheme) {
    Request request;
    request.method = view(message.method_string());
    request.target = view(message.target());
    // Absolute form (RFC 9112, 3.2.2): what counts is the path.
    std::string_view target = request.target;
    if (starts_with_text(target, scheme)) {
        const auto slash = target.find('/', scheme.size());
        target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
    target = target.substr(0, target.find('#'));
    const auto mark = target.find('?');
    request.path = std::string(target.substr(0, mark));
    if (mark != std::string_view::npos) request.query = Query::parse(target.substr(mark + 1));
    for (const auto& field : message)
        request.headers.add(view(field.name_string()), view(field.value()));
    request.base_url = fmt::format("{}{}", scheme, request.headers.get("Host"));
    return request;
}

std::uint64_t body_length(const Reply& reply) {
    if (const auto* file = std::get_if<FileBody>(&reply.body)) return file->length;
    return std::get<std::string>(reply.body).size();
}

std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
    return text;
}

std::string head_of(const Reply& reply, std::uint64_t length, bool keep_alive, Time now) {
    const auto reason =
        http::obsolete_reason(http::int_to_status(static_cast<unsigned>(reply.status)));
    auto head = fmt::format("HTTP/1.1 {} {}\r\n", reply.status, view(reason));
    if (reply.status != 204 && reply.status != 304)
        head += fmt::format("Content-Length: {}\r\n", length);
    for (const auto& [name, value] : reply.headers) {
        if (name == trickle_note) continue;
        head += fmt::format("{}: {}\r\n", one_line(name), one_line(value));
    }
    if (!reply.headers.has("Date")) head += fmt::format("Date: {}\r\n", http_time(now));
    head += fmt::format("Connection: {}\r\n\r\n", keep_alive ? "keep-alive" : "close");
    return head;
}

}  // namespace

/// Pulls a request's body off the connection.
class Session::Body final : public BodyReader {
public:
    Body(Session& session, Parser& parser)
        : session_(session),
          parser_(parser),
          awaits_continue_(same_text(view(parser.get()[http::field::expect]), "100-continue")) {}

    asio::awaitable<std::string> read() override {
        if (awaits_continue_) {
            awaits_continue_ = false;
            co_await session_.write("HTTP/1.1 100 Continue\r\n\r\n");
        }
        std::string chunk(chunk_bytes, '\0');
        while (!parser_.is_done()) {
            auto& body = parser_.get().body();
            body.data = chunk.data();
            body.size = chunk.size();
            body.more = true;
            session_.stream_.transport().expires_after(session_.host_.limits.idle);
            error_code error;
            co_await http::async_read_some(session_.stream_,
                                           session_.buffer_,
                                           parser_,
                                           asio::redirect_error(asio::use_awaitable, error));
            if (error && error != http::error::need_buffer) {
                broken_ = true;
                throw Refused(Reply::empty(400));
            }
            const auto count = chunk.size() - body.size;
            if (count > 0) {
                chunk.resize(count);
                co_return chunk;
            }
        }
        session_.stream_.transport().expires_never();
        co_return std::string();
    }

    std::optional<std::uint64_t> length() const override {
        const auto declared = parser_.content_length();
        if (declared) return *declared;
        if (parser_.chunked()) return std::nullopt;
        return 0;
    }

    bool is_done() const { return parser_.is_done(); }

    bool is_broken() const { return broken_; }

    /// The client was never told to go on, so it will not send the body.
    bool was_declined() const { return awaits_continue_ && !parser_.is_done(); }

private:
    Session& session_;
    Parser& parser_;
    bool awaits_continue_;
    bool broken_ = false;
};

Session::Session(boost::asio::ip::tcp::socket socket, SessionHost& host)
    : stream_(std::move(socket), host.tls.get()),
      host_(host) {
    host_.open.insert(this);
    error_code ignored;
    stream_.transport().socket().set_option(boost::asio::ip::tcp::no_delay(true), ignored);
}

Session::~Session() {
    host_.open.erase(this);
}

void Session::close_if_idle() {
    if (!busy_) stream_.transport().cancel();
}

asio::awaitable<void> Session::serve() {
    stream_.transport().expires_after(host_.limits.idle);
    bool open = co_await stream_.open();
    if (!open) host_.log.debug("a connection was not made secure");
    while (open && !host_.stopping) open = co_await serve_one();
}

asio::awaitable<bool> Session::serve_one() {
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(host_.limits.header_bytes));
    // Boost 1.74 takes "no limit" for a limit of nothing when the length is declared.
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    stream_.transport().expires_after(host_.limits.idle);
    error_code error;
    co_await http::async_read_header(
        stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
    if (error) {
        const bool is_garbage =
            error.category() == http::make_error_code(http::error::bad_method).category() &&
            error != http::error::end_of_stream && error != http::error::partial_message;
        if (is_garbage)
            host_.log.info("refused a request that is badly formed: {}", error.message());
        if (is_garbage) co_await refuse(error == http::error::header_limit ? 431 : 400);
        co_return false;
    }
    busy_ = true;
    stream_.transport().expires_never();
    auto request = read_head(parser.get(), stream_.is_secure() ? "https://" : "http://");
    Body body(*this, parser);
    auto reply = co_await ask(request, body);
    const bool reusable =
        parser.keep_alive() && !body.was_declined() && !body.is_broken() && !host_.stopping;
    const bool complete = body.is_done() || (reusable && co_await drain(body));
    const bool keep = reusable && complete;
    const bool sent = co_await send(request, std::move(reply), keep);
    busy_ = false;
    if (sent && !keep) co_await linger();
    co_return sent&& keep;
}

asio::awaitable<Reply> Session::ask(Request& request, Body& body) {
    try {
        co_return co_await host_.service(request, body);
    } catch (const Refused& refused) {
        co_return refused.reply();
    } catch (...) {
        host_.log.error(
            "{} {}: {}", request.method, request.path, describe(std::current_exception()));
    }
    co_return Reply::empty(500);
}

asio::awaitable<bool> Session::drain(Body& body) {
    std::uint64_t count = 0;
    try {
        while (count < longest_drain) {
            const auto chunk = co_await body.read();
            if (chunk.empty()) co_return true;
            count += chunk.size();
        }
    } catch (const Refused&) {
        // The client went away; there is nothing to keep.
        co_return false;
    }
    co_return false;
}

asio::awaitable<void> Session::refuse(int status) {
    auto reply = Reply::of_text(
        fmt::format("<!doctype html><title>Bad Request</title><h2>Bad Request</h2><p>HTTP Error "
                    "{}. The request is badly formed.</p>\n",
                    status),
        "text/html; charset=us-ascii",
        status);
    Request request;
    request.method = "GET";
    const bool sent = co_await send(request, std::move(reply), false);
    if (sent) co_await linger();
}

asio::awaitable<bool> Session::send(const Request& request, Reply reply, bool keep_alive) {
    if (reply.damage == Damage::Reset) {
        reset();
        co_return false;
    }
    const bool has_body = request.method != "HEAD" && reply.status != 204 && reply.status != 304;
    const auto length = body_length(reply);
    auto head = head_of(reply,
                        request.method == "HEAD" ? reply.head_length.value_or(length) : length,
                        keep_alive,
                        host_.clock.now());
    const bool truncated = reply.damage == Damage::Truncate && has_body;
    const auto wanted = !has_body ? 0 : truncated ? length / 2 : length;
    bool sent = false;
    if (has_body && reply.headers.has(trickle_note)) co_return co_await trickle(reply, head);
    if (const auto* file = std::get_if<FileBody>(&reply.body)) {
        sent = co_await write(head);
        if (sent && wanted > 0) sent = co_await send_file(*file, wanted);
    } else {
        head += std::string_view(std::get<std::string>(reply.body)).substr(0, wanted);
        sent = co_await write(head);
    }
    if (truncated) {
        stream_.transport().close();
        co_return false;
    }
    co_return sent;
}

asio::awaitable<bool> Session::trickle(const Reply& reply, std::string head) {
    constexpr std::uint64_t pieces = 10;
    const std::chrono::milliseconds duration(std::stoul(reply.headers.get(trickle_note)));
    const auto length = body_length(reply);
    bool sent = co_await write(head);
    for (std::uint64_t piece = 0; sent && piece < pieces; ++piece) {
        co_await host_.clock.sleep_for(duration / pieces, {});
        const auto from = length * piece / pieces;
        const auto count = length * (piece + 1) / pieces - from;
        if (const auto* file = std::get_if<FileBody>(&reply.body)) {
            const FileBody part{file->path, file->offset + from, count};
            sent = co_await send_file(part, count);
        } else {
            const auto& text = std::get<std::string>(reply.body);
            sent = co_await write(std::string_view(text).substr(from, count));
        }
    }
    co_return sent;
}

asio::awaitable<bool> Session::send_file(const FileBody& file, std::uint64_t length) {
    auto input = std::make_shared<std::ifstream>();
    for (auto offset = file.offset; length > 0;) {
        auto read = [input, path = file.path, offset, wanted = std::min(length, file_bytes)] {
            if (!input->is_open()) {
                input->open(path, std::ios::binary);
                input->seekg(static_cast<std::streamoff>(offset));
            }
            std::string bytes(wanted, '\0');
            input->read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
            bytes.resize(static_cast<std::size_t>(input->gcount()));
            return bytes;
        };
        const auto bytes = co_await async::run_blocking(host_.pool, std::move(read));
        if (bytes.empty()) {
            host_.log.error("{} is shorter than its reply", file.path.string());
            stream_.transport().close();
            co_return false;
        }
        const bool sent = co_await write(bytes);
        if (!sent) co_return false;
        offset += bytes.size();
        length -= bytes.size();
    }
    co_return true;
}

asio::awaitable<bool> Session::write(std::string_view bytes) {
    stream_.transport().expires_after(host_.limits.idle);
    error_code error;
    const auto buffer = asio::buffer(bytes.data(), bytes.size());
    co_await asio::async_write(stream_, buffer, asio::redirect_error(asio::use_awaitable, error));
    stream_.transport().expires_never();
    co_return !error;
}

asio::awaitable<void> Session::linger() {
    // Closing with unread input makes the kernel send a reset, which can overtake the reply: take
    // what still comes.
    error_code error;
    std::array<char, 8192> sink{};
    auto& transport = stream_.transport();
    transport.expires_after(std::chrono::seconds(2));
    co_await stream_.finish();
    for (std::uint64_t total = 0; !error && total < longest_drain;) {
        const auto buffer = asio::buffer(sink);
        total += co_await transport.async_read_some(
            buffer, asio::redirect_error(asio::use_awaitable, error));
    }
    transport.close();
}

void Session::reset() {
    error_code ignored;
    stream_.transport().socket().set_option(boost::asio::socket_base::linger(true, 0), ignored);
    stream_.transport().close();
}

}  // namespace aml::emulator
