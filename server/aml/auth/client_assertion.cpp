#include "auth/client_assertion.hpp"

#include "http/base64.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/random.hpp"

#include <nlohmann/json.hpp>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace aml::auth {
namespace {

using nlohmann::json;

constexpr std::chrono::minutes lifetime{10};

template <auto Free>
struct Freed {
    template <typename T>
    void operator()(T* object) const {
        Free(object);
    }
};

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Bundle = std::unique_ptr<PKCS12, Freed<PKCS12_free>>;

/// The certificate of the key comes first.
struct Credentials {
    Key key;
    std::vector<Certificate> chain;
};

Error unusable(const std::string& file, const LocalizedText& why) {
    ERR_clear_error();
    return {ErrorKind::NotSignedIn,
            localize("The certificate file {} cannot be used: {}. Check "
                     "AZURE_CLIENT_CERTIFICATE_PATH.",
                     file,
                     why)};
}

Bio memory(std::string_view bytes) {
    return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

int give_password(char* buffer, int size, int, void* password) {
    const auto& text = static_cast<const Secret*>(password)->reveal();
    if (text.size() > static_cast<std::size_t>(size)) return -1;
    std::copy(text.begin(), text.end(), buffer);
    return static_cast<int>(text.size());
}

Credentials read_pem(std::string_view bytes, const std::string& file, const Secret& password) {
    Credentials found;
    auto secret = password;
    const auto keys = memory(bytes);
    found.key.reset(PEM_read_bio_PrivateKey(keys.get(), nullptr, give_password, &secret));
    if (!found.key) {
        const bool encrypted = bytes.find("ENCRYPTED") != std::string_view::npos;
        throw unusable(file,
                       !encrypted ? localize("it holds no private key")
                       : password.empty()
                           ? localize("its key has a password; set "
                                      "AZURE_CLIENT_CERTIFICATE_PASSWORD")
                           : localize("AZURE_CLIENT_CERTIFICATE_PASSWORD does not open it"));
    }
    const auto certificates = memory(bytes);
    while (auto* next = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr))
        found.chain.emplace_back(next);
    ERR_clear_error();
    return found;
}

Credentials read_bundle(std::string_view bytes, const std::string& file, const Secret& password) {
    const auto input = memory(bytes);
    const Bundle bundle(d2i_PKCS12_bio(input.get(), nullptr));
    if (!bundle) throw unusable(file, localize("it is neither a PEM nor a PKCS#12 file"));
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    STACK_OF(X509)* others = nullptr;
    if (PKCS12_parse(bundle.get(), password.reveal().c_str(), &key, &certificate, &others) != 1) {
        throw unusable(file,
                       password.empty()
                           ? localize("it has a password; set AZURE_CLIENT_CERTIFICATE_PASSWORD")
                           : localize("AZURE_CLIENT_CERTIFICATE_PASSWORD does not open it"));
    }
    Credentials found;
    found.key.reset(key);
    if (certificate != nullptr) found.chain.emplace_back(certificate);
    while (others != nullptr && sk_X509_num(others) > 0)
        found.chain.emplace_back(sk_X509_shift(others));
    sk_X509_free(others);
    if (!found.key) throw unusable(file, localize("it holds no private key"));
    return found;
}

void put_own_certificate_first(Credentials& credentials, const std::string& file) {
    auto& chain = credentials.chain;
    if (chain.empty()) throw unusable(file, localize("it holds no certificate"));
    const auto own = std::find_if(chain.begin(), chain.end(), [&](const Certificate& one) {
        return X509_check_private_key(one.get(), credentials.key.get()) == 1;
    });
    ERR_clear_error();
    if (own == chain.end())
        throw unusable(file, localize("its key belongs to another certificate"));
    std::rotate(chain.begin(), own, own + 1);
}

void require_valid(X509* certificate, const std::string& file, async::Clock::TimePoint time_point) {
    auto now = std::chrono::system_clock::to_time_t(time_point);
    if (X509_cmp_time(X509_get0_notAfter(certificate), &now) < 0)
        throw unusable(file, localize("the certificate has expired; make and upload a new one"));
    if (X509_cmp_time(X509_get0_notBefore(certificate), &now) > 0)
        throw unusable(file,
                       localize("the certificate is not valid yet; check this machine's clock"));
}

std::string base64url(std::string_view bytes) {
    auto text = http::base64_encode(bytes);
    while (text.ends_with('=')) text.pop_back();
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
}

std::string thumbprint(X509* certificate, const EVP_MD* digest) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    X509_digest(certificate, digest, bytes.data(), &size);
    return base64url({reinterpret_cast<const char*>(bytes.data()), size});
}

std::string der(X509* certificate) {
    std::string bytes(static_cast<std::size_t>(i2d_X509(certificate, nullptr)), '\0');
    auto* end = reinterpret_cast<unsigned char*>(bytes.data());
    i2d_X509(certificate, &end);
    return bytes;
}

json header_of(const Credentials& credentials, bool send_chain) {
    auto* own = credentials.chain.front().get();
    json header{{"alg", "PS256"},
                {"typ", "JWT"},
                {"x5t", thumbprint(own, EVP_sha1())},
                {"x5t#S256", thumbprint(own, EVP_sha256())}};
    if (!send_chain) return header;
    auto& chain = header["x5c"] = json::array();
    for (const auto& one : credentials.chain) chain.push_back(http::base64_encode(der(one.get())));
    return header;
}

/// RSASSA-PSS with SHA-256 and a salt as long as the digest (RFC 7518 section 3.5).
std::string sign(EVP_PKEY* key, std::string_view text, const std::string& file) {
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* options = nullptr;
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
    auto size = signature.size();
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA ||
        EVP_DigestSignInit(context.get(), &options, EVP_sha256(), nullptr, key) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
        EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1 ||
        EVP_DigestSign(context.get(),
                       reinterpret_cast<unsigned char*>(signature.data()),
                       &size,
                       bytes,
                       text.size()) != 1) {
        throw unusable(file,
                       localize("its key is not an RSA key, which Microsoft Entra ID asks for"));
    }
    signature.resize(size);
    return signature;
}

std::int64_t seconds(async::Clock::TimePoint time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

Secret certificate_assertion(const Secret& bytes,
                             const std::string& file,
                             const Secret& password,
                             bool send_chain,
                             const AssertionClaims& claims) {
    // The bytes are parsed here and nowhere shown.
    const auto& text = bytes.reveal();
    const bool is_pem = text.find("-----BEGIN ") != std::string::npos;
    auto credentials = is_pem ? read_pem(text, file, password) : read_bundle(text, file, password);
    put_own_certificate_first(credentials, file);
    require_valid(credentials.chain.front().get(), file, claims.now);
    const json payload{{"aud", claims.audience},
                       {"iss", claims.client_id},
                       {"sub", claims.client_id},
                       {"jti", system_random()->uuid()},
                       {"nbf", seconds(claims.now)},
                       {"iat", seconds(claims.now)},
                       {"exp", seconds(claims.now + lifetime)}};
    const auto unsigned_text =
        base64url(header_of(credentials, send_chain).dump()) + '.' + base64url(payload.dump());
    return Secret(unsigned_text + '.' +
                  base64url(sign(credentials.key.get(), unsigned_text, file)));
}

}  // namespace aml::auth
