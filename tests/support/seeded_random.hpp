#pragma once

#include "support/random.hpp"

#include <cstdint>
#include <random>

namespace aml::test {

/// The same numbers in every run.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed = 1)
        : engine_(seed) {}

    std::uint64_t next() override { return engine_(); }

private:
    std::mt19937_64 engine_;
};

}  // namespace aml::test
