#include "support/temporary_directory.hpp"
#include "unit/emulator/http_fixture.hpp"
#include "web/certificate.hpp"
#include "web/errors.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <doctest/doctest.h>

#include <fstream>

namespace aml::emulator::tls_test {

using namespace test;

namespace {

namespace ssl = boost::asio::ssl;
using boost::asio::ip::tcp;

std::string read(const std::filesystem::path& path) {
    std::ifstream input(path);
    return {std::istreambuf_iterator<char>(input), {}};
}

/// Asks as a client that trusts only `ca_file` and thinks it speaks to `host`; what was read until
/// the end, or why there is no connection.
std::string ask(unsigned short port,
                const std::filesystem::path& ca_file,
                const std::string& host,
                const std::string& request) {
    boost::asio::io_context io;
    ssl::context context(ssl::context::tls_client);
    context.load_verify_file(ca_file.string());
    // The certificates are of this time.
    X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context.native_handle()),
                               std::chrono::system_clock::to_time_t(aml::test::new_year()));
    ssl::stream<tcp::socket> stream(io, context);
    stream.set_verify_mode(ssl::verify_peer);
    stream.set_verify_callback(ssl::host_name_verification(host));
    stream.lowest_layer().connect({boost::asio::ip::address_v4::loopback(), port});
    boost::system::error_code error;
    stream.handshake(ssl::stream_base::client, error);
    if (error) return "no connection: " + error.message();
    boost::asio::write(stream, boost::asio::buffer(request));
    std::string answer;
    boost::asio::read(stream, boost::asio::dynamic_buffer(answer), error);
    // Anything but the end that TLS itself announces may be a cut.
    return error == boost::asio::error::eof ? answer : answer + "[" + error.message() + "]";
}

Reply tls_echo(const Request& request) {
    return Reply::of_text(request.base_url + " " + request.body, "text/plain");
}

struct TlsWorld {
    aml::test::TemporaryDirectory folder;
    Certificate certificate = load_certificate(folder.path(), aml::test::new_year());
};

}  // namespace

TEST_CASE("with TLS the server answers over HTTPS under every name of this machine") {
    TlsWorld world;
    LoopbackServer server({}, world.certificate.context);
    server.add("POST", "/subscriptions/{s}", tls_echo);
    server.start();
    const auto request = [](const std::string& host, const std::string& body) {
        return "POST /subscriptions/s HTTP/1.1\r\nHost: " + host +
               "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body;
    };
    for (const std::string host : {"127.0.0.1", "localhost"}) {
        const auto address = host + ":" + std::to_string(server.port);
        const auto answer =
            ask(server.port, world.certificate.ca_file, host, request(address, "hi"));
        CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
        CHECK(answer.ends_with("\r\n\r\nhttps://" + address + " hi"));
    }
    const std::string account = "st1.blob.core.localhost";
    CHECK(ask(server.port, world.certificate.ca_file, account, request(account, ""))
              .starts_with("HTTP/1.1 "));
    // More than one TLS record each way.
    const std::string big(300'000, 'x');
    const auto answer =
        ask(server.port, world.certificate.ca_file, "localhost", request("localhost", big));
    CHECK(answer.ends_with("https://localhost " + big));
}

TEST_CASE("with TLS a client of plain HTTP, and one that asks another host, gets no answer") {
    TlsWorld world;
    LoopbackServer server({}, world.certificate.context);
    server.start();
    CHECK(ask(server.port, world.certificate.ca_file, "example.com", "")
              .starts_with("no connection: certificate verify failed"));
    Client plain(server.port);
    plain.send("GET /subscriptions HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(plain.rest().find("HTTP") == std::string::npos);
}

TEST_CASE("the authority stays the same until its end comes near") {
    aml::test::TemporaryDirectory folder;
    const auto now = aml::test::new_year();
    const auto first = load_certificate(folder.path(), now);
    const auto authority = read(first.ca_file);
    CHECK(authority.starts_with("-----BEGIN CERTIFICATE-----"));
    CHECK(read(load_certificate(folder.path(), now).ca_file) == authority);
    CHECK(read(first.trusted_file).ends_with(authority));
    const auto later = load_certificate(folder.path(), now + std::chrono::hours(24 * 340));
    CHECK(read(later.ca_file) != authority);
}

TEST_CASE("a missing key is made again with its certificate") {
    aml::test::TemporaryDirectory folder;
    const auto now = aml::test::new_year();
    const auto first = load_certificate(folder.path(), now);
    const auto authority = read(first.ca_file);
    const auto key = folder.path() / "tls" / "server.key";

    CHECK(std::filesystem::exists(key));
    std::filesystem::remove(key);
    CHECK(read(load_certificate(folder.path(), now).ca_file) != authority);
    CHECK(std::filesystem::exists(key));
}

}  // namespace aml::emulator::tls_test
