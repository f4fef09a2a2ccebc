#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace aml::emulator {

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
