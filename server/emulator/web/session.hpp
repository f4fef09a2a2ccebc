#pragma once

#include "async/asio.hpp"
#include "web/server.hpp"
#include "web/stream.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <memory>
#include <set>

namespace aml::emulator {

/// Connections that are open now; lets shutdown close the ones that wait for a request.
struct Sessions {
    std::set<class Session*> open;
    bool stopping = false;
};

/// One connection: reads requests one after the other and answers them until either side closes.
class Session final {
public:
    /// `tls` absent: plain HTTP.
    Session(boost::asio::ip::tcp::socket socket,
            boost::asio::ssl::context* tls,
            const ServerLimits& limits,
            const Service& service,
            Sessions& sessions,
            Log log);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    /// Returns when the connection is closed. Never throws on account of the client.
    asio::awaitable<void> serve();

    /// Closes the connection if no request is under way; one that is will be the last.
    void close_if_idle();

private:
    class Body;
    using Parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;

    asio::awaitable<bool> serve_one();
    asio::awaitable<Reply> ask(Request& request, Body& body);
    asio::awaitable<bool> drain(Body& body);
    asio::awaitable<void> refuse(int status);
    /// False when the connection is of no more use.
    asio::awaitable<bool> send(const Request& request, Reply reply, bool keep_alive);
    /// Sends the reply in pieces, with pauses between them.
    asio::awaitable<bool> trickle(const Reply& reply, std::string head);
    asio::awaitable<bool> send_file(const FileBody& file, std::uint64_t length);
    asio::awaitable<bool> write(std::string_view bytes);
    asio::awaitable<void> linger();
    void reset();

    Stream stream_;
    boost::beast::flat_buffer buffer_;
    const ServerLimits& limits_;
    const Service& service_;
    Sessions& sessions_;
    Log log_;
    bool busy_ = false;
};

}  // namespace aml::emulator
