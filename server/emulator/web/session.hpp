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

/// What the connections of one server share; it outlives them.
struct SessionHost {
    ServerLimits limits;
    Service service;
    async::Clock& clock;
    /// Reads the files that replies are made of.
    asio::thread_pool& pool;
    Log log;
    /// Absent: plain HTTP.
    std::shared_ptr<boost::asio::ssl::context> tls;
    /// Connections that are open now, so that shutdown can close those that wait for a request.
    std::set<class Session*> open;
    bool stopping = false;
};

/// One connection: reads requests one after the other and answers them until either side closes.
class Session final {
public:
    Session(boost::asio::ip::tcp::socket socket, SessionHost& host);
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
    /// The first `length` bytes of it.
    asio::awaitable<bool> send_file(const FileBody& file, std::uint64_t length);
    asio::awaitable<bool> write(std::string_view bytes);
    asio::awaitable<void> linger();
    void reset();

    Stream stream_;
    boost::beast::flat_buffer buffer_;
    SessionHost& host_;
    bool busy_ = false;
};

}  // namespace aml::emulator
