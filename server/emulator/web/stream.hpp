#pragma once

#include "async/asio.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <optional>
#include <utility>

namespace aml::emulator {

/// A connection that was accepted: plain, or with TLS on it. An AsyncStream of Beast, with the
/// deadlines of `beast::tcp_stream`.
// Not final: Asio 1.74 looks for an executor by deriving from it.
class Stream {
public:
    using executor_type = boost::beast::tcp_stream::executor_type;

    /// `tls` absent: plain. It outlives the stream.
    Stream(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls)
        : transport_(std::move(socket)) {
        if (tls != nullptr) tls_.emplace(transport_, *tls);
    }

    executor_type get_executor() noexcept { return transport_.get_executor(); }

    boost::beast::tcp_stream& transport() { return transport_; }

    bool is_secure() const { return tls_.has_value(); }

    /// Before anything is read or written. False: the client wants no TLS, or does not trust us.
    asio::awaitable<bool> open() {
        boost::system::error_code error;
        if (tls_) {
            co_await tls_->async_handshake(boost::asio::ssl::stream_base::server,
                                           asio::redirect_error(asio::use_awaitable, error));
        }
        co_return !error;
    }

    /// Tells the client that nothing more comes. With TLS this waits until the client has said the
    /// same; what it still sends in between is lost.
    asio::awaitable<void> finish() {
        boost::system::error_code ignored;
        if (tls_) co_await tls_->async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
        transport_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
    }

    template <typename Buffers, typename Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        const auto start = [this](auto handler, const Buffers& into) {
            if (tls_) {
                tls_->async_read_some(into, std::move(handler));
            } else {
                transport_.async_read_some(into, std::move(handler));
            }
        };
        return asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            start, token, buffers);
    }

    template <typename Buffers, typename Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        const auto start = [this](auto handler, const Buffers& from) {
            if (tls_) {
                tls_->async_write_some(from, std::move(handler));
            } else {
                transport_.async_write_some(from, std::move(handler));
            }
        };
        return asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            start, token, buffers);
    }

private:
    boost::beast::tcp_stream transport_;
    std::optional<boost::asio::ssl::stream<boost::beast::tcp_stream&>> tls_;
};

}  // namespace aml::emulator
