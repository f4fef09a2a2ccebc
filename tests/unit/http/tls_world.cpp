#include "unit/http/tls_world.hpp"

#include "http/base64.hpp"
#include "support/error_of.hpp"
#include "support/run.hpp"
#include "unit/http/transport_threads.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <fstream>
#include <memory>

namespace aml::test {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
namespace ssl = asio::ssl;

template <typename Write>
std::string pem(Write write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
    write(memory.get());
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

struct Parsed {
    explicit Parsed(const Identity& identity)
        : memory(BIO_new_mem_buf(identity.certificate.data(), -1), &BIO_free),
          key_memory(BIO_new_mem_buf(identity.key.data(), -1), &BIO_free),
          certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr), &X509_free),
          key(PEM_read_bio_PrivateKey(key_memory.get(), nullptr, nullptr, nullptr),
              &EVP_PKEY_free) {}

    std::unique_ptr<BIO, decltype(&BIO_free)> memory;
    std::unique_ptr<BIO, decltype(&BIO_free)> key_memory;
    Certificate certificate;
    Key key;
};

void extend(X509* certificate, int what, const std::string& value) {
    auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Identity make(const CertificateSpec& spec, const Parsed* issuer) {
    static int serial = 1;
    const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const Certificate certificate(X509_new(), &X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), spec.valid_from);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), spec.valid_until);
    X509_set_pubkey(certificate.get(), key.get());
    auto* name = X509_get_subject_name(certificate.get());
    const auto* common = reinterpret_cast<const unsigned char*>(spec.host.c_str());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, common, -1, -1, 0);
    X509_set_issuer_name(certificate.get(),
                         issuer ? X509_get_subject_name(issuer->certificate.get()) : name);
    error_code no_address;
    asio::ip::make_address(spec.host, no_address);
    extend(certificate.get(), NID_subject_alt_name, (no_address ? "DNS:" : "IP:") + spec.host);
    if (issuer == nullptr) extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate.get(), issuer ? issuer->key.get() : key.get(), EVP_sha256());
    return {pem([&](BIO* out) { PEM_write_bio_X509(out, certificate.get()); }), pem([&](BIO* out) {
                PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
}

/// Copies until one side ends.
asio::awaitable<void> copy(std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to) {
    std::array<char, 8192> bytes{};
    for (;;) {
        error_code error;
        const auto buffer = asio::buffer(bytes);
        const auto count = co_await from->async_read_some(
            buffer, asio::redirect_error(asio::use_awaitable, error));
        const auto read = asio::buffer(bytes, count);
        if (!error)
            co_await asio::async_write(*to, read, asio::redirect_error(asio::use_awaitable, error));
        if (!error) continue;
        to->shutdown(tcp::socket::shutdown_send, error);
        co_return;
    }
}

tcp::endpoint any_port() {
    return {asio::ip::address_v4::loopback(), 0};
}

}  // namespace

Identity self_signed(const CertificateSpec& spec) {
    return make(spec, nullptr);
}

Identity signed_by(const Identity& authority, const CertificateSpec& spec) {
    const Parsed issuer(authority);
    return make(spec, &issuer);
}

TlsServer::TlsServer(asio::io_context& loop, const Identity& identity)
    : context_(ssl::context::tls_server),
      acceptor_(loop, any_port()),
      tasks_(loop.get_executor(), nullptr) {
    context_.use_certificate_chain(asio::buffer(identity.certificate));
    context_.use_private_key(asio::buffer(identity.key), ssl::context::pem);
    tasks_.spawn(accept());
}

TlsServer::~TlsServer() {
    acceptor_.close();
}

asio::awaitable<void> TlsServer::accept() {
    for (;;) {
        auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
        tasks_.spawn(serve(std::move(socket)));
    }
}

asio::awaitable<void> TlsServer::serve(tcp::socket socket) {
    ssl::stream<tcp::socket> stream(std::move(socket), context_);
    co_await stream.async_handshake(ssl::stream_base::server, asio::use_awaitable);
    std::string request;
    co_await asio::async_read_until(
        stream, asio::dynamic_buffer(request), "\r\n\r\n", asio::use_awaitable);
    requests.push_back(request);
    co_await asio::async_write(stream, asio::buffer(answer), asio::use_awaitable);
}

ConnectProxy::ConnectProxy(asio::io_context& loop, unsigned short target)
    : target_(target),
      acceptor_(loop, any_port()),
      tasks_(loop.get_executor(), nullptr) {
    tasks_.spawn(accept());
}

ConnectProxy::~ConnectProxy() {
    acceptor_.close();
}

std::string ConnectProxy::address() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
}

asio::awaitable<void> ConnectProxy::accept() {
    for (;;) {
        auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
        tasks_.spawn(serve(std::move(socket)));
    }
}

std::string ConnectProxy::verdict(const std::string& request) const {
    if (!refusal.empty()) return refusal;
    const auto wanted = "Proxy-Authorization: Basic " + http::base64_encode(account) + "\r\n";
    if (!account.empty() && request.find(wanted) == std::string::npos)
        return "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"";
    return "200 Connection Established";
}

asio::awaitable<void> ConnectProxy::serve(tcp::socket accepted) {
    const auto client = std::make_shared<tcp::socket>(std::move(accepted));
    std::string request;
    co_await asio::async_read_until(
        *client, asio::dynamic_buffer(request), "\r\n\r\n", asio::use_awaitable);
    requests.push_back(request);
    const auto status = verdict(request);
    const auto answer = "HTTP/1.1 " + status + "\r\n\r\n";
    const auto server = std::make_shared<tcp::socket>(client->get_executor());
    const bool connects = status.starts_with("200");
    const tcp::endpoint target(asio::ip::address_v4::loopback(), target_);
    if (connects) co_await server->async_connect(target, asio::use_awaitable);
    co_await asio::async_write(*client, asio::buffer(answer), asio::use_awaitable);
    if (!connects) co_return;
    tasks_.spawn(copy(client, server));
    tasks_.spawn(copy(server, client));
}

TlsWorld::TlsWorld() {
    start_transport_threads();
    for (const auto* name : {"https_proxy",
                             "HTTPS_PROXY",
                             "all_proxy",
                             "ALL_PROXY",
                             "http_proxy",
                             "HTTP_PROXY",
                             "no_proxy",
                             "NO_PROXY",
                             "SSL_CERT_FILE",
                             "SSL_CERT_DIR"}) {
        unset_variable(name);
    }
}

TlsWorld::~TlsWorld() {
    loop.poll();
}

std::string TlsWorld::file(const std::string& name, const std::string& content) const {
    return folder.write(name, content).string();
}

http::Response TlsWorld::get(const std::string& url) {
    http::Request request;
    request.url = url;
    request.timeout = std::chrono::seconds(30);
    return run(loop, transport.send(std::move(request), {}));
}

Error TlsWorld::failure(const std::string& url) {
    return error_of([&] { get(url); });
}

}  // namespace aml::test
