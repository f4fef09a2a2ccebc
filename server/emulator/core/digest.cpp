#include "core/digest.hpp"

#include "core/openssl.hpp"
#include "support/error.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace aml::emulator {
namespace {

std::string digest(const EVP_MD* algorithm, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> result{};
    unsigned int size = 0;
    EVP_Digest(bytes.data(), bytes.size(), result.data(), &size, algorithm, nullptr);
    return {result.begin(), result.begin() + size};
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
    std::string result((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                                     openssl::bytes_of(bytes),
                                     static_cast<int>(bytes.size()));
    result.resize(static_cast<std::size_t>(size));
    return result;
}

std::optional<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    const auto padding = text.ends_with("==") ? 2U : text.ends_with("=") ? 1U : 0U;
    const auto body = text.substr(0, text.size() - padding);
    const bool clean = std::all_of(body.begin(), body.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '+' || c == '/';
    });
    if (!clean) return std::nullopt;
    std::string result(text.size() / 4 * 3 + 1, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                                     openssl::bytes_of(text),
                                     static_cast<int>(text.size()));
    if (size < 0) return std::nullopt;
    result.resize(static_cast<std::size_t>(size) - padding);
    return result;
}

std::string base64url_encode(std::string_view bytes) {
    auto result = base64_encode(bytes);
    while (result.ends_with('=')) result.pop_back();
    std::replace(result.begin(), result.end(), '+', '-');
    std::replace(result.begin(), result.end(), '/', '_');
    return result;
}

std::optional<std::string> base64url_decode(std::string_view text) {
    if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
    std::string standard(text);
    std::replace(standard.begin(), standard.end(), '-', '+');
    std::replace(standard.begin(), standard.end(), '_', '/');
    while (standard.size() % 4 != 0) standard += '=';
    return base64_decode(standard);
}

std::string hex(std::string_view bytes) {
    std::string result;
    result.reserve(bytes.size() * 2);
    for (const char c : bytes) result += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return result;
}

std::string sha256(std::string_view bytes) {
    return digest(EVP_sha256(), bytes);
}

std::string md5(std::string_view bytes) {
    return digest(EVP_md5(), bytes);
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> result{};
    unsigned int size = 0;
    HMAC(EVP_sha256(),
         key.data(),
         static_cast<int>(key.size()),
         openssl::bytes_of(bytes),
         bytes.size(),
         result.data(),
         &size);
    return {result.begin(), result.begin() + size};
}

std::string random_bytes(std::size_t count) {
    std::string result(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(result.data()), static_cast<int>(count)) != 1) {
        throw Error(ErrorKind::InternalError, "The system has no random numbers to give.");
    }
    return result;
}

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
