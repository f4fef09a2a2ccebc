#include "platform/trusted_roots.hpp"

#include <memory>
#include <windows.h>

// After windows.h, which it needs.
#include <wincrypt.h>

namespace aml::platform {
namespace {

std::string pem_of(const CERT_CONTEXT& certificate) {
    std::string text;
    DWORD size = 0;
    for (const bool measure : {true, false}) {
        if (!measure) text.resize(size);
        if (::CryptBinaryToStringA(certificate.pbCertEncoded,
                                   certificate.cbCertEncoded,
                                   CRYPT_STRING_BASE64HEADER,
                                   measure ? nullptr : text.data(),
                                   &size) == 0)
            return {};
    }
    text.resize(size);
    return text;
}

void append_store(std::string& all, const wchar_t* name) {
    const auto store = ::CertOpenSystemStoreW(0, name);
    if (store == nullptr) return;
    // Each call lets go of the certificate that it is given.
    for (const CERT_CONTEXT* certificate = nullptr;
         (certificate = ::CertEnumCertificatesInStore(store, certificate)) != nullptr;)
        all += pem_of(*certificate);
    ::CertCloseStore(store, 0);
}

}  // namespace

std::string trusted_roots() {
    std::string all;
    append_store(all, L"ROOT");
    // Those in between, which some servers do not send.
    append_store(all, L"CA");
    return all;
}

}  // namespace aml::platform
