#include "runs/sweep_text.hpp"

#include "runs/run_metrics.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <charconv>

namespace aml::runs {
namespace {

std::string short_value(const std::string& value) {
    double number = 0;
    const auto* end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, number);
    return read.ec == std::errc() && read.ptr == end ? number_text(number) : value;
}

}  // namespace

std::string_view number_of_trial(std::string_view id) {
    return id.substr(id.rfind('_') + 1);
}

std::string trial_label(const RunSnapshot& run) {
    const auto title = run.title();
    const auto id = run.job.name();
    auto text = title == id ? std::string(number_of_trial(id)) : title;
    const char* separator = ": ";
    for (const auto& [name, value] : run.parameters) {
        text += fmt::format("{}{} {}", separator, name, short_value(value));
        separator = ", ";
    }
    return text;
}

std::string name_of(const RunSnapshot& run) {
    return run.parameters.empty() ? run.title() : trial_label(run);
}

std::string score_text(const azure::SweepState& sweep) {
    return short_value(sweep.score);
}

std::string best_text(const azure::SweepState& sweep) {
    if (sweep.score.empty()) return {};
    return localize("best {} {}", sweep.metric, score_text(sweep));
}

std::string best_trial_text(const azure::SweepState& sweep) {
    if (sweep.score.empty() || sweep.best_trial.empty()) return best_text(sweep);
    return localize("best {} {} in trial {}",
                    sweep.metric,
                    score_text(sweep),
                    number_of_trial(sweep.best_trial));
}

}  // namespace aml::runs
