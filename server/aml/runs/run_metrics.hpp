#pragma once

#include "async/asio.hpp"
#include "azure/metrics.hpp"
#include "azure/resource_id.hpp"
#include "runs/metric_value.hpp"
#include "workspace/azure_access.hpp"

#include <stop_token>
#include <string>
#include <vector>

namespace aml::runs {

/// The scalars among `metrics`, by name; tables, images and the like are left out.
std::vector<MetricValue> scalars(const std::vector<azure::Metric>& metrics);

/// The last value of each scalar metric of a run, by name. Empty when nothing was logged (yet).
/// Throws: as `azure::metrics::last_values`, but a run without metrics is no error.
asio::awaitable<std::vector<MetricValue>> last_metrics(workspace::AzureAccess& access,
                                                       azure::ResourceId job,
                                                       std::stop_token stop);

}  // namespace aml::runs
