#include "async/task_group.hpp"
#include "http/cpprest_transport.hpp"
#include "support/error.hpp"
#include "support/run.hpp"
#include "unit/http/transport_threads.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <unistd.h>

using namespace aml;
using asio::ip::tcp;
namespace ssl = asio::ssl;

namespace {

/// A certificate for one host name that signed itself, and its key, as PEM.
struct Identity {
    std::string certificate;
    std::string key;
};

template <typename Write>
std::string pem(Write write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
    write(memory.get());
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

Identity make_identity(const std::string& host) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  &EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    auto* name = X509_get_subject_name(certificate.get());
    const auto* common = reinterpret_cast<const unsigned char*>(host.c_str());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, common, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    const auto alternatives = "DNS:" + host;
    auto* extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternatives.c_str());
    X509_add_ext(certificate.get(), extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    return {pem([&](BIO* out) { PEM_write_bio_X509(out, certificate.get()); }), pem([&](BIO* out) {
                PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
}

struct TlsFixture {
    TlsFixture() {
        test::start_transport_threads();
        std::filesystem::create_directories(folder);
    }

    ~TlsFixture() {
        unsetenv("SSL_CERT_FILE");
        std::filesystem::remove_all(folder);
    }

    void trust(const Identity& identity) const {
        const auto path = folder / "trusted.pem";
        std::ofstream(path) << identity.certificate;
        setenv("SSL_CERT_FILE", path.c_str(), 1);
    }

    asio::awaitable<void> serve(tcp::acceptor& acceptor, ssl::context& context) {
        ssl::stream<tcp::socket> stream(co_await acceptor.async_accept(asio::use_awaitable),
                                        context);
        co_await stream.async_handshake(ssl::stream_base::server, asio::use_awaitable);
        std::string request;
        co_await asio::async_read_until(
            stream, asio::dynamic_buffer(request), "\r\n\r\n", asio::use_awaitable);
        const std::string answer =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
        co_await asio::async_write(stream, asio::buffer(answer), asio::use_awaitable);
    }

    /// GET https://localhost/ from a server that shows `identity`.
    http::Response get(const Identity& identity) {
        ssl::context context(ssl::context::tls_server);
        context.use_certificate_chain(asio::buffer(identity.certificate));
        context.use_private_key(asio::buffer(identity.key), ssl::context::pem);
        tcp::acceptor acceptor(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        async::TaskGroup group(loop.get_executor(), nullptr);
        group.spawn(serve(acceptor, context));
        const auto transport = http::cpprest_transport();
        http::Request request;
        request.url = "https://localhost:" + std::to_string(acceptor.local_endpoint().port()) + "/";
        request.timeout = std::chrono::seconds(10);
        return test::run(loop, transport->send(std::move(request), {}));
    }

    asio::io_context loop{1};
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("aml-tls-" + std::to_string(getpid()));
};

}  // namespace

TEST_CASE_FIXTURE(TlsFixture, "a server with a trusted certificate for its name is talked to") {
    const auto identity = make_identity("localhost");
    trust(identity);
    CHECK(get(identity).body == "ok");
}

TEST_CASE_FIXTURE(TlsFixture, "a certificate nobody vouches for, or for another name, is refused") {
    const auto identity = make_identity("localhost");
    trust(make_identity("localhost"));
    CHECK_THROWS_WITH_AS(
        get(identity), doctest::Contains("No secure connection to https://localhost"), Error);
    const auto other = make_identity("other.example");
    trust(other);
    CHECK_THROWS_WITH_AS(
        get(other), doctest::Contains("No secure connection to https://localhost"), Error);
}
