#include "support/random.hpp"

#include <fmt/format.h>

#include <random>

namespace aml {
namespace {

class SystemRandom final : public Random {
public:
    SystemRandom() {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device(), device(), device()};
        engine_.seed(seed);
    }

    std::uint64_t next() override { return engine_(); }

private:
    std::mt19937_64 engine_;
};

}  // namespace

double Random::between(double low, double high) {
    constexpr double two_to_53 = 9007199254740992.0;
    return low + (high - low) * (static_cast<double>(next() >> 11) / two_to_53);
}

std::string Random::uuid() {
    const std::uint64_t high = (next() & ~0xF000ULL) | 0x4000ULL;
    const std::uint64_t low = (next() & ~(0x3ULL << 62)) | (0x2ULL << 62);
    return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
                       high >> 32,
                       (high >> 16) & 0xFFFF,
                       high & 0xFFFF,
                       low >> 48,
                       low & 0xFFFFFFFFFFFFULL);
}

std::unique_ptr<Random> system_random() {
    return std::make_unique<SystemRandom>();
}

}  // namespace aml
