#pragma once

#include "core/json.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace aml::emulator {

/// A trial that has a metric: its values of the hyperparameters, and how good it is.
struct SampledTrial {
    json values;
    /// The larger the better.
    double score = 0;
};

/// Draws the hyperparameters of a sweep's trials. The same seed, place and trials before give the
/// same values, on every system and after a restart.
class Sampler final {
public:
    /// `algorithm` and `space` as a job has them (`samplingAlgorithm`, `searchSpace`).
    Sampler(json algorithm, json space, std::uint64_t seed);

    /// The values of trial number `index`, by name; nothing when all there are have been tried.
    /// `known` is for the Bayesian algorithm.
    std::optional<json> sample(std::uint64_t index, const std::vector<SampledTrial>& known) const;

private:
    std::optional<json> from_grid(std::uint64_t index) const;
    json near_the_best(std::uint64_t index, const std::vector<SampledTrial>& known) const;

    json algorithm_;
    json space_;
    std::uint64_t seed_;
};

}  // namespace aml::emulator
