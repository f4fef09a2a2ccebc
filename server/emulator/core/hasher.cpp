#include "core/hasher.hpp"

#include <openssl/evp.h>

#include <array>

namespace aml::emulator {

struct Hasher::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    ~State() { EVP_MD_CTX_free(context); }
};

Hasher::Hasher(Algorithm algorithm)
    : state_(std::make_unique<State>()) {
    EVP_DigestInit_ex(
        state_->context, algorithm == Algorithm::Md5 ? EVP_md5() : EVP_sha256(), nullptr);
}

Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(std::string_view bytes) {
    EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

std::string Hasher::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(state_->context, digest.data(), &size);
    return {digest.begin(), digest.begin() + size};
}

}  // namespace aml::emulator
