#include "compute/early_termination.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace aml::emulator {

namespace {

std::size_t count_at(const json& policy, const char* key, std::size_t otherwise) {
    const auto value = policy.value(key, json());
    return value.is_number() && value > 0 ? value.get<std::size_t>() : otherwise;
}

double number_at(const json& policy, const char* key) {
    const auto value = policy.value(key, json());
    return value.is_number() ? value.get<double>() : 0;
}

double best_of(const TrialProgress& trial, std::size_t interval) {
    const auto end =
        trial.values.begin() + static_cast<std::ptrdiff_t>(std::min(interval, trial.values.size()));
    const auto best = std::max_element(trial.values.begin(), end);
    return best == end ? -std::numeric_limits<double>::infinity() : *best;
}

double mean_of(const TrialProgress& trial, std::size_t interval) {
    const auto count = std::min(interval, trial.values.size());
    const auto end = trial.values.begin() + static_cast<std::ptrdiff_t>(count);
    return std::accumulate(trial.values.begin(), end, 0.0) / static_cast<double>(count);
}

/// Too far behind the best one: by a ratio of it, or by a difference.
bool is_outside_slack(const json& policy,
                      const std::vector<TrialProgress>& trials,
                      const TrialProgress& trial,
                      std::size_t interval) {
    double best = -std::numeric_limits<double>::infinity();
    for (const auto& other : trials) best = std::max(best, best_of(other, interval));
    const double factor = number_at(policy, "slackFactor");
    // What is to be small is here below zero.
    const double least = factor > 0 ? (best >= 0 ? best / (1 + factor) : best * (1 + factor))
                                    : best - number_at(policy, "slackAmount");
    return best_of(trial, interval) < least;
}

bool is_below_median(const std::vector<TrialProgress>& trials,
                     const TrialProgress& trial,
                     std::size_t interval) {
    std::vector<double> means;
    for (const auto& other : trials) {
        if (!other.values.empty()) means.push_back(mean_of(other, interval));
    }
    std::sort(means.begin(), means.end());
    const auto half = means.size() / 2;
    const double median = means.size() % 2 == 1 ? means[half] : (means[half - 1] + means[half]) / 2;
    return best_of(trial, interval) < median;
}

/// Among the worst at this interval, of those that have come as far.
bool is_truncated(const json& policy,
                  const std::vector<TrialProgress>& trials,
                  const TrialProgress& trial,
                  std::size_t interval) {
    std::vector<double> values;
    for (const auto& other : trials) {
        if (other.values.size() >= interval) values.push_back(other.values[interval - 1]);
    }
    std::sort(values.begin(), values.end());
    const auto ended = static_cast<std::size_t>(static_cast<double>(values.size()) *
                                                number_at(policy, "truncationPercentage") / 100);
    return ended > 0 && trial.values[interval - 1] < values[ended];
}

/// The last interval of a trial that is to be judged and was not; nothing when there is none.
std::optional<std::size_t> due_interval(const json& policy, const TrialProgress& trial) {
    const auto every = count_at(policy, "evaluationInterval", 1);
    const auto delay = count_at(policy, "delayEvaluation", 0);
    const auto interval = trial.values.size() / every * every;
    if (interval == 0 || interval < delay || interval <= trial.judged) return std::nullopt;
    return interval;
}

}  // namespace

std::vector<std::string> ended_early(const json& policy, std::vector<TrialProgress>& trials) {
    std::vector<std::string> ended;
    if (!policy.is_object()) return ended;
    const auto type = text_at(policy, "policyType");
    for (auto& trial : trials) {
        const auto interval = due_interval(policy, trial);
        if (!trial.is_running || !interval) continue;
        trial.judged = *interval;
        const bool is_ended =
            same_text(type, "Bandit")           ? is_outside_slack(policy, trials, trial, *interval)
            : same_text(type, "MedianStopping") ? is_below_median(trials, trial, *interval)
                                                : is_truncated(policy, trials, trial, *interval);
        if (is_ended) ended.push_back(trial.id);
    }
    return ended;
}

}  // namespace aml::emulator
