#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace aml::snapshot {

/// A running SHA-256.
class Sha256 final {
public:
    Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    ~Sha256();

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
