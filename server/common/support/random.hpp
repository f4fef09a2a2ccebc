#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace aml {

/// Source of randomness; a seam so that names, ids and jitter are repeatable in tests.
class Random {
public:
    virtual ~Random() = default;
    /// Uniform over all 64-bit values.
    virtual std::uint64_t next() = 0;

    /// Uniform in [low, high).
    double between(double low, double high);
    /// A random UUID in canonical lower-case form (RFC 9562, version 4).
    std::string uuid();
};

/// Seeded from the operating system.
std::unique_ptr<Random> system_random();

}  // namespace aml
