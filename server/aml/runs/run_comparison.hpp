#pragma once

#include "async/asio.hpp"
#include "azure/resource_id.hpp"
#include "runs/metric_value.hpp"
#include "workspace/azure_access.hpp"

#include <nlohmann/json.hpp>

#include <stop_token>
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

/// What is compared of a run, as it is now. Throws: NotFound; Forbidden, Unavailable, …
asio::awaitable<ComparedRun> read_to_compare(workspace::AzureAccess& access,
                                             azure::ResourceId job,
                                             std::stop_token stop);

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
