#pragma once

#include "async/task_group.hpp"
#include "http/cpprest_transport.hpp"
#include "support/error.hpp"
#include "support/temporary_directory.hpp"
#include "support/variables.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>

#include <memory>
#include <string>
#include <vector>

namespace aml::test {

/// A certificate and its key, as PEM.
struct Identity {
    std::string certificate;
    std::string key;
};

/// What a certificate is made for.
struct CertificateSpec {
    /// DNS name or IP address; a name without a dot may be a certificate authority.
    std::string host;
    /// In seconds from now.
    long valid_from = -3600;
    long valid_until = 3600;
};

/// A certificate authority, or a certificate that signed itself.
Identity self_signed(const CertificateSpec& spec);
Identity signed_by(const Identity& authority, const CertificateSpec& spec);

/// A real TLS server on loopback that answers every request with `answer`.
class TlsServer final {
public:
    TlsServer(asio::io_context& loop, const Identity& identity);
    ~TlsServer();

    unsigned short port() const { return acceptor_.local_endpoint().port(); }

    std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    /// Heads of the requests received.
    std::vector<std::string> requests;

private:
    asio::awaitable<void> accept();
    asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);

    boost::asio::ssl::context context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    async::TaskGroup tasks_;
};

/// A real CONNECT proxy on loopback. Whatever host is asked for, it connects to `target`.
class ConnectProxy final {
public:
    ConnectProxy(asio::io_context& loop, unsigned short target);
    ~ConnectProxy();

    std::string address() const;

    /// "user:password" it insists on; empty for none.
    std::string account;
    /// What it answers instead of connecting, e.g. "403 Forbidden"; empty to connect.
    std::string refusal;
    /// Heads of the CONNECT requests received.
    std::vector<std::string> requests;

private:
    asio::awaitable<void> accept();
    asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);
    std::string verdict(const std::string& request) const;

    unsigned short target_;
    boost::asio::ip::tcp::acceptor acceptor_;
    async::TaskGroup tasks_;
};

/// What tests of secure connections share. No proxy or certificate variable of the machine counts.
struct TlsWorld {
    TlsWorld();
    ~TlsWorld();

    /// Writes a file and returns its path.
    std::string file(const std::string& name, const std::string& content) const;

    http::Response get(const std::string& url);
    /// The error that a GET ends with.
    Error failure(const std::string& url);

    asio::io_context loop{1};
    TemporaryDirectory folder;
    http::CpprestTransport transport;
};

}  // namespace aml::test
