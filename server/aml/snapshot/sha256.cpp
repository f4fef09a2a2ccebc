#include "snapshot/sha256.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

namespace aml::snapshot {
namespace {

void check(int result) {
    if (result != 1)
        throw Error(ErrorKind::InternalError, localize("SHA-256 is not available in OpenSSL."));
}

}  // namespace

Sha256::Sha256()
    : context_(EVP_MD_CTX_new()) {
    check(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
}

Sha256::~Sha256() = default;

void Sha256::Release::operator()(evp_md_ctx_st* context) const noexcept {
    EVP_MD_CTX_free(context);
}

void Sha256::update(std::string_view bytes) {
    check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

void Sha256::update(std::uint64_t number) {
    update(std::string_view(fmt::format("{}", number)));
}

std::string Sha256::finish() {
    std::array<unsigned char, 32> digest{};
    check(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr));
    std::string hex;
    for (const auto byte : digest) hex += fmt::format("{:02x}", byte);
    return hex;
}

std::string sha256(std::string_view text) {
    Sha256 hash;
    hash.update(text);
    return hash.finish();
}

}  // namespace aml::snapshot
