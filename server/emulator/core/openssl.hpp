#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

/// What OpenSSL hands out, freed by its own functions.
namespace aml::emulator::openssl {

template <auto free>
struct Freed {
    template <typename Object>
    void operator()(Object* object) const {
        free(object);
    }
};

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;

}  // namespace aml::emulator::openssl
