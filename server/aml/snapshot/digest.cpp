#include "snapshot/digest.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

namespace aml::snapshot {
namespace {

void check(int result) {
    if (result != 1)
        throw Error(ErrorKind::InternalError, localize("A digest is not available in OpenSSL."));
}

}  // namespace

Digest::Digest(Algorithm algorithm)
    : context_(EVP_MD_CTX_new()) {
    const auto* type = algorithm == Algorithm::Md5 ? EVP_md5() : EVP_sha256();
    check(EVP_DigestInit_ex(context_.get(), type, nullptr));
}

Digest::~Digest() = default;

void Digest::Release::operator()(evp_md_ctx_st* context) const noexcept {
    EVP_MD_CTX_free(context);
}

void Digest::update(std::string_view bytes) {
    check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

void Digest::update(std::uint64_t number) {
    update(std::string_view(fmt::format("{}", number)));
}

std::string Digest::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    check(EVP_DigestFinal_ex(context_.get(), digest.data(), &length));
    std::string hex;
    for (unsigned int i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest.at(i));
    return hex;
}

std::string sha256(std::string_view text) {
    Digest hash(Digest::Algorithm::Sha256);
    hash.update(text);
    return hash.finish();
}

}  // namespace aml::snapshot
