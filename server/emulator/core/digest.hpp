#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// Standard Base64 with padding.
std::string base64_encode(std::string_view bytes);
/// Absent when `text` is not Base64.
std::optional<std::string> base64_decode(std::string_view text);
/// URL-safe Base64 without padding (RFC 4648, section 5).
std::string base64url_encode(std::string_view bytes);
std::optional<std::string> base64url_decode(std::string_view text);

std::string hex(std::string_view bytes);
std::string sha256(std::string_view bytes);
std::string md5(std::string_view bytes);
/// Raw HMAC-SHA-256 of `bytes` under `key`.
std::string hmac_sha256(std::string_view key, std::string_view bytes);
/// Cryptographically secure random bytes.
std::string random_bytes(std::size_t count);

/// Computes a digest piece by piece.
class Hasher final {
public:
    enum class Algorithm { Md5, Sha256 };

    explicit Hasher(Algorithm algorithm);
    ~Hasher();
    Hasher(Hasher&&) noexcept;
    Hasher& operator=(Hasher&&) noexcept;

    void update(std::string_view bytes);
    /// The raw digest; call it once.
    std::string finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aml::emulator
