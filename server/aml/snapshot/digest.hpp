#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace aml::snapshot {

/// A running digest.
class Digest final {
public:
    /// MD5 is what blob storage keeps of a file: it tells contents apart and protects nothing.
    enum class Algorithm { Sha256, Md5 };

    explicit Digest(Algorithm algorithm);
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;
    ~Digest();

    void update(std::string_view bytes);
    /// The number's decimal digits.
    void update(std::uint64_t number);
    /// Lower-case hex of everything so far. Call once.
    std::string finish();

private:
    struct Release {
        void operator()(evp_md_ctx_st* context) const noexcept;
    };

    std::unique_ptr<evp_md_ctx_st, Release> context_;
};

/// SHA-256 of a text, lower-case hex.
std::string sha256(std::string_view text);

}  // namespace aml::snapshot
