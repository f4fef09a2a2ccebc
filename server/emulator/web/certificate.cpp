#include "web/certificate.hpp"

#include "core/openssl.hpp"
#include "platform/environment.hpp"
#include "platform/trusted_roots.hpp"
#include "support/error.hpp"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <fstream>
#include <functional>

namespace aml::emulator {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours lifetime{365 * 24};
constexpr std::chrono::hours least_left{30 * 24};
constexpr const char* alternative_names =
    "IP:127.0.0.1,DNS:localhost,DNS:*.blob.core.localhost,DNS:azure.test";

using Extension = std::unique_ptr<X509_EXTENSION, openssl::Freed<X509_EXTENSION_free>>;

struct CertifiedKey {
    openssl::Certificate certificate;
    openssl::Key key;
};

void extend(X509* certificate, X509* issuer, int which, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, which, value));
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1)
        throw Error(ErrorKind::InternalError, "Cannot make a certificate.");
}

void set_serial(X509* certificate) {
    std::array<unsigned char, 16> bytes{};
    RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
    bytes[0] &= 0x7f;
    BIGNUM* number = BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
}

/// A certificate for a new key, yet without extensions and signature.
CertifiedKey prepare(std::string_view common_name, Time now) {
    CertifiedKey made{openssl::Certificate(X509_new()), openssl::Key(EVP_EC_gen("P-256"))};
    auto* certificate = made.certificate.get();
    X509_set_version(certificate, 2);
    set_serial(certificate);
    // A client's clock may be a little behind ours.
    const auto begin = std::chrono::system_clock::to_time_t(now - std::chrono::hours(24));
    const auto end = std::chrono::system_clock::to_time_t(now + lifetime);
    ASN1_TIME_set(X509_getm_notBefore(certificate), begin);
    ASN1_TIME_set(X509_getm_notAfter(certificate), end);
    X509_set_pubkey(certificate, made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate),
                               "CN",
                               MBSTRING_UTF8,
                               openssl::bytes_of(common_name),
                               static_cast<int>(common_name.size()),
                               -1,
                               0);
    return made;
}

CertifiedKey make_authority(Time now) {
    auto made = prepare("aml-emulator authority", now);
    auto* certificate = made.certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    extend(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extend(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(certificate, certificate, NID_subject_key_identifier, "hash");
    X509_sign(certificate, made.key.get(), EVP_sha256());
    return made;
}

CertifiedKey make_server(const CertifiedKey& authority, Time now) {
    auto made = prepare("localhost", now);
    auto* certificate = made.certificate.get();
    auto* issuer = authority.certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    extend(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
    extend(certificate, issuer, NID_key_usage, "critical,digitalSignature");
    extend(certificate, issuer, NID_ext_key_usage, "serverAuth");
    extend(certificate, issuer, NID_subject_alt_name, alternative_names);
    extend(certificate, issuer, NID_subject_key_identifier, "hash");
    extend(certificate, issuer, NID_authority_key_identifier, "keyid:always");
    X509_sign(certificate, authority.key.get(), EVP_sha256());
    return made;
}

std::string pem(const std::function<void(BIO*)>& write) {
    const openssl::Bio bio(BIO_new(BIO_s_mem()));
    write(bio.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
    return pem([certificate](BIO* bio) { PEM_write_bio_X509(bio, certificate); });
}

std::string pem_of(EVP_PKEY* key) {
    return pem([key](BIO* bio) {
        PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    });
}

std::string read(const fs::path& path) {
    std::ifstream input(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

void write(const fs::path& path, const std::string& text) {
    std::ofstream output(path, std::ios::binary);
    output << text;
    output.close();
    if (!output) {
        throw Error(ErrorKind::Unavailable, fmt::format("Cannot write {}.", path.string()));
    }
}

/// Whether there is a certificate that holds for a while.
bool is_usable(const fs::path& folder, Time now) {
    const auto text = read(folder / "ca.pem");
    const openssl::Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    const openssl::Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate || !fs::exists(folder / "server.pem") || !fs::exists(folder / "server.key"))
        return false;
    auto limit = std::chrono::system_clock::to_time_t(now + least_left);
    return X509_cmp_time(X509_get0_notAfter(certificate.get()), &limit) > 0;
}

/// Written beside and renamed, so that a kill leaves a whole folder or none.
void make_files(const fs::path& folder, Time now) {
    const auto authority = make_authority(now);
    const auto server = make_server(authority, now);
    auto beside = folder;
    beside += ".new";
    fs::remove_all(beside);
    fs::create_directories(beside);
    fs::permissions(beside, fs::perms::owner_all);
    write(beside / "ca.pem", pem_of(authority.certificate.get()));
    write(beside / "server.pem", pem_of(server.certificate.get()));
    write(beside / "server.key", pem_of(server.key.get()));
    fs::permissions(beside / "server.key", fs::perms::owner_read | fs::perms::owner_write);
    fs::remove_all(folder);
    fs::rename(beside, folder);
}

/// The authorities that programs of this machine trust.
std::string machine_authorities() {
    const auto chosen = platform::variable(X509_get_default_cert_file_env());
    return chosen.empty() ? platform::trusted_roots() : read(chosen);
}

}  // namespace

Certificate load_certificate(const fs::path& folder, Time now) {
    namespace ssl = boost::asio::ssl;
    const auto files = folder / "tls";
    try {
        if (!is_usable(files, now)) make_files(files, now);
        write(files / "trusted.pem", machine_authorities() + read(files / "ca.pem"));
        auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
        context->set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
        context->use_certificate_chain_file((files / "server.pem").string());
        context->use_private_key_file((files / "server.key").string(), ssl::context::pem);
        return {std::move(context), files / "ca.pem", files / "trusted.pem"};
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {
        throw Error(ErrorKind::Unavailable,
                    fmt::format("Cannot make a certificate in {}: {}. Delete the folder, and start "
                                "again.",
                                files.string(),
                                error.what()));
    }
}

}  // namespace aml::emulator
