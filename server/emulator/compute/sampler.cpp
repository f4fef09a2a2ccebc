#include "compute/sampler.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <string>
#include <utility>

namespace aml::emulator {

namespace {

/// Bayesian sampling looks around at first.
constexpr std::size_t first_looks = 5;

/// Draws numbers from 0 up to, but not including, 1.
using Numbers = std::function<double()>;

/// Not one of <random>'s distributions, which each standard library draws in its own way.
Numbers random_numbers(std::uint64_t seed, std::uint64_t index) {
    std::seed_seq words{static_cast<std::uint32_t>(seed),
                        static_cast<std::uint32_t>(seed >> 32U),
                        static_cast<std::uint32_t>(index)};
    return [engine = std::mt19937_64(words)]() mutable {
        return static_cast<double>(engine() >> 11U) * 0x1.0p-53;
    };
}

/// The Halton sequence, which fills the space evenly as Sobol's does, shifted by the seed.
Numbers even_numbers(std::uint64_t seed, std::uint64_t index) {
    return [place = index + 1, shift = random_numbers(seed, 0), dimension = 0U]() mutable {
        constexpr std::array<unsigned, 16> primes{
            2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53};
        const double base = primes[dimension++ % primes.size()];
        double value = shift();
        double share = 1;
        for (auto rest = static_cast<double>(place); rest > 0; rest = std::floor(rest / base)) {
            share /= base;
            value += share * std::fmod(rest, base);
        }
        return value - std::floor(value);
    };
}

double number(const json& arguments, std::size_t place) {
    return arguments.is_array() && place < arguments.size() && arguments[place].is_number()
               ? arguments[place].get<double>()
               : 0;
}

/// Around 0, with a standard deviation of 1. Source: Box and Muller.
double normal(const Numbers& numbers) {
    const double radius = std::sqrt(-2 * std::log(1 - numbers()));
    return radius * std::cos(2 * std::numbers::pi * numbers());
}

json rounded(double value, double q) {
    if (!(q > 0)) return value;
    const double multiple = std::round(value / q) * q;
    // Of whole steps a whole number, as Azure draws them.
    if (q == std::floor(q) && std::abs(multiple) < 1e15)
        return static_cast<std::int64_t>(std::llround(multiple));
    return multiple;
}

json draw(const json& space, const Numbers& numbers);

/// A value to choose, which may have spaces of its own in it.
json choose(const json& value, const Numbers& numbers) {
    if (!value.is_object()) return value;
    auto result = json::object();
    for (const auto& [name, member] : value.items())
        result[name] = member.is_array() ? draw(member, numbers) : member;
    return result;
}

/// Draws from `["uniform", [0, 1]]` and the like.
json draw(const json& space, const Numbers& numbers) {
    if (!space.is_array() || space.size() != 2 || !space[0].is_string()) return space;
    auto kind = to_lower(space[0].get<std::string>());
    const auto& arguments = space[1];
    if (kind == "choice") {
        const auto& values = arguments.front();
        const auto place = static_cast<std::size_t>(numbers() * static_cast<double>(values.size()));
        return choose(values[std::min(place, values.size() - 1)], numbers);
    }
    if (kind == "randint") return static_cast<std::int64_t>(numbers() * number(arguments, 0));
    const bool has_steps = kind.starts_with('q');
    if (has_steps) kind.erase(0, 1);
    const bool is_exponent = kind.starts_with("log");
    if (is_exponent) kind.erase(0, 3);
    const double first = number(arguments, 0);
    const double second = number(arguments, 1);
    double value =
        kind == "uniform" ? first + numbers() * (second - first) : first + normal(numbers) * second;
    if (is_exponent) value = std::exp(value);
    return rounded(value, has_steps ? number(arguments, 2) : 0);
}

}  // namespace

Sampler::Sampler(json algorithm, json space, std::uint64_t seed)
    : algorithm_(std::move(algorithm)),
      space_(std::move(space)),
      seed_(seed) {}

std::optional<json> Sampler::sample(std::uint64_t index,
                                    const std::vector<SampledTrial>& known) const {
    const auto type = text_at(algorithm_, "samplingAlgorithmType");
    if (same_text(type, "Grid")) return from_grid(index);
    if (same_text(type, "Bayesian") && known.size() >= first_looks)
        return near_the_best(index, known);
    const bool is_even = same_text(text_at(algorithm_, "rule"), "Sobol");
    const auto numbers = is_even ? even_numbers(seed_, index) : random_numbers(seed_, index);
    auto values = json::object();
    for (const auto& [name, space] : space_.items()) values[name] = draw(space, numbers);
    return values;
}

std::optional<json> Sampler::from_grid(std::uint64_t index) const {
    auto values = json::object();
    const auto inner = random_numbers(seed_, index);
    for (const auto& [name, space] : space_.items()) {
        const auto& choices = space[1].front();
        values[name] = choose(choices[index % choices.size()], inner);
        index /= choices.size();
    }
    return index == 0 ? std::optional(values) : std::nullopt;
}

/// As the best trial, but for one hyperparameter that is drawn again.
json Sampler::near_the_best(std::uint64_t index, const std::vector<SampledTrial>& known) const {
    const auto best = std::max_element(
        known.begin(), known.end(), [](const SampledTrial& left, const SampledTrial& right) {
            return left.score < right.score;
        });
    const auto numbers = random_numbers(seed_, index);
    auto values = best->values;
    const auto changed = static_cast<std::size_t>(numbers() * static_cast<double>(space_.size()));
    std::size_t place = 0;
    for (const auto& [name, space] : space_.items()) {
        if (place++ == changed) values[name] = draw(space, numbers);
    }
    return values;
}

}  // namespace aml::emulator
