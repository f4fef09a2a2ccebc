#pragma once

#include "runs/metric_value.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace aml::runs {

/// What is compared of a run.
struct ComparedRun {
    std::string name{};
    /// The job as ARM has it: the member `properties` of its resource.
    nlohmann::json job{};
    std::vector<MetricValue> metrics{};
};

/// Something that two runs have differently; a side that lacks it is empty.
struct Difference {
    /// Azure's names with dots between them: "resources.instanceCount", "metrics.accuracy".
    std::string key{};
    std::string left{};
    std::string right{};

    bool operator==(const Difference&) const = default;
};

/// Only what differs, first of the configuration by key, then of the metrics by name. What the
/// service adds for itself is left out, and so is what differs only in the run's own name; assets
/// are called "name:version".
std::vector<Difference> differences(const ComparedRun& left, const ComparedRun& right);

}  // namespace aml::runs
