#include "compute/early_termination.hpp"
#include "compute/sampler.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace aml::emulator::sweep_test {

namespace {

const json random_sampling{{"samplingAlgorithmType", "Random"}};

/// The first values of `space`, drawn at random.
std::vector<json> drawn(const json& space,
                        std::size_t count,
                        const json& algorithm = random_sampling) {
    const Sampler sampler(algorithm, {{"x", space}}, 42);
    std::vector<json> values;
    for (std::uint64_t i = 0; i < count; ++i) values.push_back(sampler.sample(i, {})->at("x"));
    return values;
}

TrialProgress trial(std::string id, std::vector<double> values) {
    return {std::move(id), std::move(values), true, 0};
}

std::string ended(const json& policy, std::vector<TrialProgress> trials) {
    std::string all;
    for (const auto& id : ended_early(policy, trials)) all += id;
    return all;
}

}  // namespace

TEST_CASE("values are drawn as each kind of space says") {
    for (const auto& value : drawn({"uniform", {2, 3}}, 100)) {
        CHECK(value.get<double>() >= 2);
        CHECK(value.get<double>() < 3);
    }
    for (const auto& value : drawn({"loguniform", {-2, 0}}, 100)) {
        CHECK(value.get<double>() >= std::exp(-2));
        CHECK(value.get<double>() <= 1);
    }
    for (const auto& value : drawn({"quniform", {0, 10, 5}}, 100))
        CHECK((value == 0 || value == 5 || value == 10));
    for (const auto& value : drawn({"qlognormal", {0, 1, 0.5}}, 100))
        CHECK(std::fmod(value.get<double>(), 0.5) == 0);
    std::set<int> whole;
    for (const auto& value : drawn({"randint", {3}}, 100)) whole.insert(value.get<int>());
    CHECK(whole == std::set<int>{0, 1, 2});
    std::set<json> chosen;
    for (const auto& value : drawn({"choice", {{1, "a"}}}, 100)) chosen.insert(value);
    CHECK(chosen == std::set<json>{1, "a"});
    double sum = 0;
    for (const auto& value : drawn({"normal", {5, 1}}, 1000)) sum += value.get<double>();
    CHECK(std::abs(sum / 1000 - 5) < 0.2);
    const auto nested = drawn({"choice", {{{{"rate", {"uniform", {1, 2}}}, {"kind", "deep"}}}}}, 1);
    CHECK(nested.front().at("rate").is_number());
    CHECK(nested.front().at("kind") == "deep");
}

TEST_CASE("a sequence that fills the space leaves no half of it empty") {
    const auto values =
        drawn({"uniform", {0, 1}}, 8, {{"samplingAlgorithmType", "Random"}, {"rule", "Sobol"}});
    std::set<int> eighths;
    for (const auto& value : values) eighths.insert(static_cast<int>(value.get<double>() * 8));
    CHECK(eighths.size() == 8);
}

TEST_CASE("a grid has every combination once") {
    const Sampler sampler({{"samplingAlgorithmType", "Grid"}},
                          {{"a", {"choice", {{1, 2}}}}, {"b", {"choice", {{3, 4, 5}}}}},
                          0);
    std::set<json> all;
    for (std::uint64_t i = 0; i < 6; ++i) all.insert(*sampler.sample(i, {}));
    CHECK(all.size() == 6);
    CHECK_FALSE(sampler.sample(6, {}));
}

TEST_CASE("Bayesian sampling stays near the best of what it knows") {
    const json space{{"a", {"uniform", {0, 1}}}, {"b", {"uniform", {0, 1}}}};
    const Sampler sampler({{"samplingAlgorithmType", "Bayesian"}}, space, 1);
    std::vector<SampledTrial> known(5, {{{"a", 0.1}, {"b", 0.1}}, 0.2});
    known[3] = {{{"a", 0.7}, {"b", 0.8}}, 0.9};
    for (std::uint64_t i = 5; i < 10; ++i) {
        const auto values = *sampler.sample(i, known);
        CHECK((values["a"] == 0.7 || values["b"] == 0.8));
    }
}

TEST_CASE("a bandit ends what is too far behind the best") {
    const json factor{{"policyType", "Bandit"}, {"slackFactor", 0.2}, {"evaluationInterval", 1}};
    CHECK(ended(factor, {trial("a", {0.6}), trial("b", {0.55}), trial("c", {0.4})}) == "c");
    // What is to be small is below zero.
    CHECK(ended(factor, {trial("a", {-1.0}), trial("b", {-1.1}), trial("c", {-1.3})}) == "c");
    const json amount{{"policyType", "Bandit"}, {"slackAmount", 0.1}, {"evaluationInterval", 2}};
    CHECK(ended(amount, {trial("a", {0.6}), trial("b", {0.4})}).empty());
    CHECK(ended(amount, {trial("a", {0.6, 0.6}), trial("b", {0.4, 0.4})}) == "b");
    const json later{{"policyType", "Bandit"}, {"slackFactor", 0.2}, {"delayEvaluation", 3}};
    CHECK(ended(later, {trial("a", {1, 1}), trial("b", {0, 0})}).empty());
    CHECK(ended(later, {trial("a", {1, 1, 1}), trial("b", {0, 0, 0})}) == "b");
}

TEST_CASE("median stopping and truncation end the worse ones") {
    const json median{{"policyType", "MedianStopping"}, {"evaluationInterval", 1}};
    CHECK(ended(median, {trial("a", {3}), trial("b", {2}), trial("c", {1})}) == "c");
    const json truncation{{"policyType", "TruncationSelection"}, {"truncationPercentage", 50}};
    CHECK(ended(truncation, {trial("a", {4}), trial("b", {3}), trial("c", {2}), trial("d", {1})}) ==
          "cd");
    CHECK(ended(truncation, {trial("a", {4})}).empty());
    CHECK(ended(nullptr, {trial("a", {1}), trial("b", {0})}).empty());
}

TEST_CASE("what was judged at an interval is not judged at it again") {
    const json policy{{"policyType", "Bandit"}, {"slackAmount", 0.1}};
    std::vector<TrialProgress> trials{trial("a", {1}), trial("b", {0.95})};
    CHECK(ended_early(policy, trials).empty());
    CHECK(trials[1].judged == 1);
    trials[0].values = {1, 2};
    CHECK(ended_early(policy, trials).empty());
    trials[1].values = {0.95, 0.95};
    CHECK(ended_early(policy, trials) == std::vector<std::string>{"b"});
}

}  // namespace aml::emulator::sweep_test
