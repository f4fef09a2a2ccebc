#pragma once

#include "support/fake_clock.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace aml::test {

/// A key and a certificate that it has signed itself, made for one test.
class Certificate final {
public:
    /// Valid from the day before `new_year()` for `seconds` after it (which may be negative).
    explicit Certificate(long seconds = 3600)
        : key_(EVP_RSA_gen(2048), &EVP_PKEY_free),
          certificate_(X509_new(), &X509_free) {
        X509_set_version(certificate_.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate_.get()), 1);
        auto now = std::chrono::system_clock::to_time_t(new_year());
        X509_time_adj(X509_getm_notBefore(certificate_.get()), -86'400, &now);
        X509_time_adj(X509_getm_notAfter(certificate_.get()), seconds, &now);
        X509_set_pubkey(certificate_.get(), key_.get());
        auto* name = X509_get_subject_name(certificate_.get());
        const auto* common = reinterpret_cast<const unsigned char*>("aml-test");
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, common, -1, -1, 0);
        X509_set_issuer_name(certificate_.get(), name);
        X509_sign(certificate_.get(), key_.get(), EVP_sha256());
    }

    /// `password` empty: not encrypted.
    std::string key_pem(const std::string& password = {}) const {
        return written([&](BIO* out) {
            const auto* cipher = password.empty() ? nullptr : EVP_aes_256_cbc();
            PEM_write_bio_PrivateKey(
                out,
                key_.get(),
                cipher,
                nullptr,
                0,
                nullptr,
                password.empty() ? nullptr : const_cast<char*>(password.c_str()));
        });
    }

    std::string public_key_pem() const {
        return written([&](BIO* out) { PEM_write_bio_PUBKEY(out, key_.get()); });
    }

    std::string certificate_pem() const {
        return written([&](BIO* out) { PEM_write_bio_X509(out, certificate_.get()); });
    }

    /// Both in one file, as Azure's tools write it.
    std::string pem() const { return key_pem() + certificate_pem(); }

    std::string der() const {
        return written([&](BIO* out) { i2d_X509_bio(out, certificate_.get()); });
    }

    std::string pkcs12(const std::string& password) const {
        const std::unique_ptr<PKCS12, decltype(&PKCS12_free)> bundle(
            PKCS12_create(
                password.c_str(), "aml", key_.get(), certificate_.get(), nullptr, 0, 0, 0, 0, 0),
            &PKCS12_free);
        return written([&](BIO* out) { i2d_PKCS12_bio(out, bundle.get()); });
    }

    EVP_PKEY* key() const { return key_.get(); }

private:
    template <typename Write>
    static std::string written(Write write) {
        const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
        write(memory.get());
        char* data = nullptr;
        const auto size = BIO_get_mem_data(memory.get(), &data);
        return {data, static_cast<std::size_t>(size)};
    }

    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
    std::unique_ptr<X509, decltype(&X509_free)> certificate_;
};

}  // namespace aml::test
