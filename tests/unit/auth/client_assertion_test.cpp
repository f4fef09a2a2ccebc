#include "auth/client_assertion.hpp"

#include "http/base64.hpp"
#include "support/certificate.hpp"
#include "support/error_of.hpp"
#include "support/fake_clock.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>

using namespace aml;
using nlohmann::json;
using test::Certificate;

namespace {

const auth::AssertionClaims claims{.audience = "https://login.example/t1/oauth2/v2.0/token",
                                   .client_id = "c1",
                                   .now = test::new_year()};

json part(const Secret& token, int index) {
    std::string text = token.reveal();
    for (; index > 0; --index) text = text.substr(text.find('.') + 1);
    return json::parse(http::base64_decode(text.substr(0, text.find('.'))).value_or("null"));
}

std::string refusal(const std::string& bytes,
                    const std::string& password = {},
                    const auth::AssertionClaims& about = claims) {
    const auto error = test::error_of([&] {
        auth::certificate_assertion(Secret(bytes), "app.pem", Secret(password), false, about);
    });
    CHECK(error.kind() == ErrorKind::NotSignedIn);
    CHECK(error.message().find("The certificate file app.pem cannot be used: ") == 0);
    return error.message();
}

bool has(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an assertion names the application, its certificate and ten minutes") {
    const Certificate certificate;
    const auto token =
        auth::certificate_assertion(Secret(certificate.pem()), "app.pem", Secret(), false, claims);
    const auto header = part(token, 0);
    CHECK(header.at("alg") == "PS256");
    CHECK(header.at("typ") == "JWT");
    CHECK(header.at("x5t").get<std::string>().size() == 27);
    CHECK(header.at("x5t#S256").get<std::string>().size() == 43);
    CHECK_FALSE(header.contains("x5c"));
    const auto payload = part(token, 1);
    CHECK(payload.at("aud") == claims.audience);
    CHECK(payload.at("iss") == "c1");
    CHECK(payload.at("sub") == "c1");
    CHECK(payload.at("exp").get<std::int64_t>() - payload.at("nbf").get<std::int64_t>() == 600);
    const auto again =
        auth::certificate_assertion(Secret(certificate.pem()), "app.pem", Secret(), true, claims);
    CHECK(part(again, 1).at("jti") != payload.at("jti"));
    CHECK(part(again, 0).at("x5c").at(0) == http::base64_encode(certificate.der()));
}

TEST_CASE("the certificate of the key is found among others, and in PKCS#12") {
    const Certificate own;
    const Certificate other;
    const auto expected =
        part(auth::certificate_assertion(Secret(own.pem()), "a", Secret(), false, claims), 0);
    const auto mixed = other.certificate_pem() + own.certificate_pem() + own.key_pem();
    CHECK(part(auth::certificate_assertion(Secret(mixed), "a", Secret(), false, claims), 0) ==
          expected);
    const auto bundle = own.pkcs12("word");
    CHECK(part(auth::certificate_assertion(Secret(bundle), "a", Secret("word"), false, claims),
               0) == expected);
    const auto locked = own.key_pem("word") + own.certificate_pem();
    CHECK(part(auth::certificate_assertion(Secret(locked), "a", Secret("word"), false, claims),
               0) == expected);
}

TEST_CASE("a file that cannot be used says why and what to do") {
    const Certificate certificate;
    const Certificate other;
    CHECK(has(refusal(certificate.certificate_pem()), "it holds no private key"));
    CHECK(has(refusal(certificate.key_pem()), "it holds no certificate"));
    CHECK(has(refusal(certificate.key_pem() + other.certificate_pem()),
              "its key belongs to another certificate"));
    const auto locked = certificate.key_pem("word") + certificate.certificate_pem();
    CHECK(has(refusal(locked), "set AZURE_CLIENT_CERTIFICATE_PASSWORD"));
    CHECK(has(refusal(locked, "wrong"), "AZURE_CLIENT_CERTIFICATE_PASSWORD does not open it"));
    CHECK(has(refusal(certificate.pkcs12("word")), "set AZURE_CLIENT_CERTIFICATE_PASSWORD"));
    CHECK(has(refusal("neither"), "it is neither a PEM nor a PKCS#12 file"));
    CHECK(has(refusal(Certificate(-3600).pem()), "the certificate has expired"));
    auto early = claims;
    early.now -= std::chrono::hours(48);
    CHECK(has(refusal(certificate.pem(), {}, early), "is not valid yet"));
}
