#include "arm/sweep_validation.hpp"

#include "arm/site.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace aml::emulator {
namespace {

struct SpaceKind {
    std::string_view name;
    std::size_t arguments;
};

constexpr std::array space_kinds{SpaceKind{"choice", 1},
                                 SpaceKind{"randint", 1},
                                 SpaceKind{"uniform", 2},
                                 SpaceKind{"loguniform", 2},
                                 SpaceKind{"normal", 2},
                                 SpaceKind{"lognormal", 2},
                                 SpaceKind{"quniform", 3},
                                 SpaceKind{"qloguniform", 3},
                                 SpaceKind{"qnormal", 3},
                                 SpaceKind{"qlognormal", 3}};

/// What is wrong with one hyperparameter; empty when nothing is.
std::string space_problem(const json& space, std::string_view algorithm) {
    const bool has_form =
        space.is_array() && space.size() == 2 && space[0].is_string() && space[1].is_array();
    if (!has_form) return "It must be a list of a kind and its arguments.";
    const auto kind = to_lower(space[0].get<std::string>());
    const auto* known = std::ranges::find(space_kinds, kind, &SpaceKind::name);
    if (known == space_kinds.end()) return fmt::format("'{}' is no kind of parameter.", kind);
    const auto& arguments = space[1];
    if (arguments.size() != known->arguments)
        return fmt::format("'{}' takes {} arguments.", kind, known->arguments);
    const bool is_choice = kind == "choice";
    if (same_text(algorithm, "Grid") && !is_choice)
        return fmt::format("Grid sampling supports choice only, not '{}'.", kind);
    if (same_text(algorithm, "Bayesian") && !is_choice && kind != "uniform" && kind != "quniform")
        return fmt::format("Bayesian sampling supports choice, uniform and quniform, not '{}'.",
                           kind);
    if (is_choice) {
        const bool has_values = arguments[0].is_array() && !arguments[0].empty();
        return has_values ? "" : "'choice' needs values to choose from.";
    }
    const bool are_numbers = std::all_of(
        arguments.begin(), arguments.end(), [](const json& one) { return one.is_number(); });
    if (!are_numbers) return fmt::format("The arguments of '{}' must be numbers.", kind);
    if (kind == "randint" && arguments[0] < 1) return "'randint' needs an upper bound above 0.";
    if (kind.ends_with("uniform") && arguments[0] >= arguments[1])
        return fmt::format("'{}' needs a lower bound below the upper one.", kind);
    if (kind.ends_with("normal") && arguments[1] <= 0)
        return fmt::format("'{}' needs a sigma above 0.", kind);
    if (arguments.size() == 3 && arguments[2] <= 0)
        return fmt::format("'{}' needs a q above 0.", kind);
    return "";
}

/// A word of `known`, spelled as the service does.
template <std::size_t Size>
void check_kind(json& object,
                const char* key,
                const std::array<std::string_view, Size>& known,
                std::string_view target,
                JobProblems& problems) {
    const auto value = text_at(object, key);
    const auto found = std::find_if(
        known.begin(), known.end(), [&](std::string_view word) { return same_text(word, value); });
    if (found == known.end()) {
        problems.add(fmt::format("{}.{}", target, key),
                     fmt::format("'{}' must be one of {}.", key, fmt::join(known, ", ")));
        return;
    }
    object[key] = *found;
}

json object_or_problem(const json& value, std::string_view name, JobProblems& problems) {
    if (value.is_object()) return value;
    problems.add(fmt::format("properties.{}", name), fmt::format("'{}' is required.", name));
    return json::object();
}

}  // namespace

json check_search_space(const json& space, const json& algorithm, JobProblems& problems) {
    auto result = object_or_problem(space, "searchSpace", problems);
    if (space.is_object() && space.empty())
        problems.add("properties.searchSpace", "'searchSpace' must have a parameter.");
    const auto type = text_at(algorithm, "samplingAlgorithmType");
    for (const auto& [name, one] : result.items()) {
        auto problem = space_problem(one, type);
        if (!problem.empty())
            problems.add(fmt::format("properties.searchSpace.{}", name), std::move(problem));
    }
    return result;
}

json check_sampling(const json& algorithm, JobProblems& problems) {
    constexpr std::array<std::string_view, 3> types{"Random", "Grid", "Bayesian"};
    auto result = object_or_problem(algorithm, "samplingAlgorithm", problems);
    if (algorithm.is_object())
        check_kind(
            result, "samplingAlgorithmType", types, "properties.samplingAlgorithm", problems);
    return result;
}

json check_objective(const json& objective, JobProblems& problems) {
    constexpr std::array<std::string_view, 2> goals{"Minimize", "Maximize"};
    auto result = object_or_problem(objective, "objective", problems);
    if (!objective.is_object()) return result;
    check_kind(result, "goal", goals, "properties.objective", problems);
    if (text_at(result, "primaryMetric").empty())
        problems.add("properties.objective.primaryMetric", "'primaryMetric' is required.");
    return result;
}

json check_early_termination(const json& policy, JobProblems& problems) {
    constexpr std::array<std::string_view, 3> types{
        "Bandit", "MedianStopping", "TruncationSelection"};
    if (policy.is_null()) return nullptr;
    auto result = object_or_problem(policy, "earlyTermination", problems);
    if (!policy.is_object()) return result;
    check_kind(result, "policyType", types, "properties.earlyTermination", problems);
    for (const auto* key : {"evaluationInterval",
                            "delayEvaluation",
                            "slackFactor",
                            "slackAmount",
                            "truncationPercentage"}) {
        const auto value = value_at(result, key);
        if (!value.is_null() && (!value.is_number() || value < 0))
            problems.add(fmt::format("properties.earlyTermination.{}", key),
                         fmt::format("'{}' must be a number that is not negative.", key));
    }
    const auto positive = [&](const char* key) {
        const auto value = value_at(result, key);
        return value.is_number() && value > 0;
    };
    if (result["policyType"] == "Bandit" && positive("slackFactor") == positive("slackAmount"))
        problems.add("properties.earlyTermination",
                     "Exactly one of 'slackFactor' and 'slackAmount' must be above 0.");
    return result;
}

json check_sweep_limits(const json& limits, JobProblems& problems) {
    constexpr int most = 1000;
    if (limits.is_null()) return {{"jobLimitsType", "Sweep"}};
    auto result = object_or_problem(limits, "limits", problems);
    if (!same_text(text_at(result, "jobLimitsType"), "Sweep"))
        problems.add("properties.limits.jobLimitsType", "'jobLimitsType' must be Sweep.");
    for (const auto* key : {"maxTotalTrials", "maxConcurrentTrials"}) {
        const auto value = value_at(result, key);
        if (!value.is_null() && (!value.is_number_integer() || value < 1 || value > most))
            problems.add(fmt::format("properties.limits.{}", key),
                         fmt::format("'{}' must be a whole number from 1 to {}.", key, most));
    }
    for (const auto* key : {"timeout", "trialTimeout"}) {
        const auto value = value_at(result, key);
        if (value.is_null()) continue;
        const auto parsed =
            value.is_string() ? parse_iso_duration(value.get<std::string>()) : std::nullopt;
        if (!parsed || parsed->count() < 1)
            problems.add(
                fmt::format("properties.limits.{}", key),
                fmt::format("'{}' must be an ISO 8601 duration of at least a second.", key));
    }
    const auto total = value_at(result, "maxTotalTrials");
    const auto at_once = value_at(result, "maxConcurrentTrials");
    if (total.is_number() && at_once.is_number() && at_once > total)
        problems.add("properties.limits.maxConcurrentTrials",
                     "'maxConcurrentTrials' must not be above 'maxTotalTrials'.");
    return result;
}

}  // namespace aml::emulator
