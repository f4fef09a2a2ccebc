#include "entra/assertion.hpp"

#include "core/digest.hpp"
#include "core/openssl.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>

namespace aml::emulator {
namespace {

openssl::Certificate read_certificate(const std::string& der) {
    const auto* start = openssl::bytes_of(der);
    openssl::Certificate certificate(d2i_X509(nullptr, &start, static_cast<long>(der.size())));
    ERR_clear_error();
    return certificate;
}

bool verify(EVP_PKEY* key, const Assertion& assertion) {
    const auto algorithm = text_at(assertion.header, "alg");
    if (key == nullptr || (algorithm != "RS256" && algorithm != "PS256")) return false;
    const openssl::Digest context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* options = nullptr;
    bool good = EVP_DigestVerifyInit(context.get(), &options, EVP_sha256(), nullptr, key) == 1;
    if (good && algorithm == "PS256") {
        good = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1;
    }
    good = good && EVP_DigestVerify(context.get(),
                                    openssl::bytes_of(assertion.signature),
                                    assertion.signature.size(),
                                    openssl::bytes_of(assertion.signed_text),
                                    assertion.signed_text.size()) == 1;
    ERR_clear_error();
    return good;
}

std::string digest(X509* certificate, const EVP_MD* algorithm) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    X509_digest(certificate, algorithm, bytes.data(), &size);
    return base64url_encode({reinterpret_cast<const char*>(bytes.data()), size});
}

}  // namespace

std::optional<Assertion> parse_assertion(std::string_view text) {
    const auto first = text.find('.');
    const auto last = text.rfind('.');
    if (first == std::string_view::npos || first == last) return std::nullopt;
    const auto header = base64url_decode(text.substr(0, first));
    const auto claims = base64url_decode(text.substr(first + 1, last - first - 1));
    const auto signature = base64url_decode(text.substr(last + 1));
    if (!header || !claims || !signature) return std::nullopt;
    Assertion assertion{json::parse(*header, nullptr, false),
                        json::parse(*claims, nullptr, false),
                        std::string(text.substr(0, last)),
                        *signature};
    if (!assertion.header.is_object() || !assertion.claims.is_object()) return std::nullopt;
    return assertion;
}

bool signed_by_public_key(const Assertion& assertion, const std::string& pem) {
    const openssl::Bio input(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const openssl::Key key(PEM_read_bio_PUBKEY(input.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    return verify(key.get(), assertion);
}

bool signed_by_certificate(const Assertion& assertion, const std::string& der) {
    const auto certificate = read_certificate(der);
    return certificate && verify(X509_get0_pubkey(certificate.get()), assertion);
}

Thumbprints thumbprints_of(const std::string& der) {
    const auto certificate = read_certificate(der);
    if (!certificate) return {};
    return {digest(certificate.get(), EVP_sha1()), digest(certificate.get(), EVP_sha256())};
}

}  // namespace aml::emulator
