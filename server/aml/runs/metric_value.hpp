#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace aml::runs {

/// The last value of one metric, for people.
struct MetricValue {
    std::string name{};
    /// "0.9712", "NaN", or text; the shortest form that shows six significant digits.
    std::string value{};
    std::optional<double> number{};
    std::optional<std::int64_t> step{};
};

}  // namespace aml::runs
