#include "unit/http/tls_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

using namespace aml;
using test::Identity;
using test::self_signed;
using test::signed_by;
using test::TlsServer;
using test::TlsWorld;
using test::Variables;

namespace {

std::string url_of(const TlsServer& server, const std::string& host = "localhost") {
    return fmt::format("https://{}:{}/", host, server.port());
}

/// The name under which OpenSSL looks for a certificate in a folder.
std::string hashed_name(const Identity& identity) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(
        BIO_new_mem_buf(identity.certificate.data(), -1), &BIO_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr), &X509_free);
    return fmt::format("{:08x}.0", X509_subject_name_hash(certificate.get()));
}

}  // namespace

TEST_CASE_FIXTURE(TlsWorld, "roots come from SSL_CERT_FILE, SSL_CERT_DIR and the setting") {
    const auto authority = self_signed({"Contoso Root"});
    const TlsServer server(loop, signed_by(authority, {"localhost"}));
    const auto roots = file("roots.pem", authority.certificate);
    file("roots/" + hashed_name(authority), authority.certificate);
    CHECK(failure(url_of(server)).kind() == ErrorKind::Rejected);
    {
        const Variables variables{{"SSL_CERT_FILE", roots}};
        CHECK(get(url_of(server)).body == "ok");
    }
    {
        const Variables variables{{"SSL_CERT_DIR", (folder.path() / "roots").string()}};
        CHECK(get(url_of(server)).body == "ok");
    }
    transport.configure({.proxy = {}, .ca_file = roots});
    CHECK(get(url_of(server)).body == "ok");
    CHECK(server.requests.size() == 3);
}

TEST_CASE_FIXTURE(TlsWorld, "an address is verified like a name") {
    const auto identity = self_signed({"127.0.0.1"});
    const TlsServer server(loop, identity);
    transport.configure({.proxy = {}, .ca_file = file("roots.pem", identity.certificate)});
    CHECK(get(url_of(server, "127.0.0.1")).body == "ok");
    CHECK(failure(url_of(server)).message().find("and not for localhost") != std::string::npos);
}

TEST_CASE_FIXTURE(TlsWorld, "a certificate of an unknown authority is refused with the remedy") {
    const auto inspector = self_signed({"Contoso Inspection"});
    const TlsServer server(loop, signed_by(inspector, {"localhost"}));
    const auto error = failure(url_of(server));
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(error.message() ==
          fmt::format("No secure connection to https://localhost:{}: its certificate was issued by "
                      "Contoso Inspection, which this computer does not trust; if your "
                      "organisation inspects connections, name the file with its root certificate "
                      "(PEM) in the setting azureml.caFile or in SSL_CERT_FILE.",
                      server.port()));
    const TlsServer alone(loop, self_signed({"localhost"}));
    CHECK(failure(url_of(alone)).message().find("issued by localhost, which this computer") !=
          std::string::npos);
    CHECK(server.requests.empty());
}

TEST_CASE_FIXTURE(TlsWorld, "a certificate that has expired, or is not valid yet, says when") {
    const auto authority = self_signed({"Contoso Root"});
    transport.configure({.proxy = {}, .ca_file = file("roots.pem", authority.certificate)});
    const TlsServer old(loop, signed_by(authority, {"localhost", -7200, -3600}));
    const auto expired = failure(url_of(old));
    CHECK(expired.kind() == ErrorKind::Rejected);
    CHECK(expired.message().find("its certificate expired on 20") != std::string::npos);
    CHECK(expired.message().find("check the clock of this computer") != std::string::npos);
    const TlsServer early(loop, signed_by(authority, {"localhost", 3600, 7200}));
    CHECK(failure(url_of(early)).message().find("its certificate is valid from 20") !=
          std::string::npos);
}

TEST_CASE_FIXTURE(TlsWorld, "a certificate for another host is refused, and says for which") {
    const auto authority = self_signed({"Contoso Root"});
    transport.configure({.proxy = {}, .ca_file = file("roots.pem", authority.certificate)});
    const TlsServer server(loop, signed_by(authority, {"other.example"}));
    const auto error = failure(url_of(server));
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(error.message().find("its certificate is for other.example and not for localhost, so "
                               "something else answers in its place") != std::string::npos);
    CHECK(server.requests.empty());
}

TEST_CASE_FIXTURE(TlsWorld, "a file of roots that cannot be used is named") {
    const TlsServer server(loop, self_signed({"localhost"}));
    transport.configure({.proxy = {}, .ca_file = (folder.path() / "none.pem").string()});
    CHECK(failure(url_of(server))
              .message()
              .find("none.pem named in azureml.caFile does not "
                    "exist; correct or clear") != std::string::npos);
    transport.configure({.proxy = {}, .ca_file = file("empty.pem", "hello")});
    const auto error = failure(url_of(server));
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(error.message().find("holds no certificate in PEM form") != std::string::npos);
}

TEST_CASE_FIXTURE(TlsWorld, "a redirect is an answer: nobody else gets the token") {
    const auto authority = self_signed({"Contoso Root"});
    transport.configure({.proxy = {}, .ca_file = file("roots.pem", authority.certificate)});
    const TlsServer elsewhere(loop, signed_by(authority, {"localhost"}));
    TlsServer server(loop, signed_by(authority, {"localhost"}));
    for (const auto* scheme : {"https", "http"}) {
        server.answer = fmt::format(
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: {}://localhost:{}/x\r\nContent-Length: "
            "0\r\nConnection: close\r\n\r\n",
            scheme,
            elsewhere.port());
        CHECK(get(url_of(server)).status == 307);
    }
    CHECK(server.requests.size() == 2);
    CHECK(elsewhere.requests.empty());
}
