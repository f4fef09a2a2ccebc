#pragma once

#include "async/asio.hpp"
#include "azure/metrics.hpp"
#include "azure/resource_id.hpp"
#include "runs/metric_value.hpp"
#include "workspace/azure_access.hpp"

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runs {

/// A number as it is shown: the shortest form with six significant digits, "NaN", "Infinity",
/// "-Infinity".
std::string number_text(double number);

/// The scalars among `metrics`, by name; tables, images and the like are left out.
std::vector<MetricValue> scalars(const std::vector<azure::Metric>& metrics);

/// The metric that a row has room for: the first that tells by its name how good a model is, of
/// those the one of data that the model has not seen; else the first number. Null without numbers.
const MetricValue* main_metric(const std::vector<MetricValue>& metrics);

/// Which values of a metric are better, as its name tells.
enum class Better { Higher, Lower, Unknown };

Better better_values(std::string_view metric);

/// The last row of each metric of a run; none when nothing was logged (yet). Throws: as
/// `azure::metrics::last_values`, but a run without metrics is no error.
asio::awaitable<std::vector<azure::Metric>> last_rows(workspace::AzureAccess& access,
                                                      azure::ResourceId job,
                                                      std::stop_token stop);

/// The last value of each scalar metric of a run, by name. Empty when nothing was logged (yet).
/// Throws: as `last_rows`.
asio::awaitable<std::vector<MetricValue>> last_metrics(workspace::AzureAccess& access,
                                                       azure::ResourceId job,
                                                       std::stop_token stop);

}  // namespace aml::runs
