#pragma once

#include "async/clock.hpp"
#include "azure/client.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace aml::azure {

/// A number (NaN and infinities included) or text (strings, booleans, artifact names).
using MetricValue = std::variant<double, std::string>;

/// JSON has no NaN and infinities: the services write them as text.
MetricValue read_metric_value(const nlohmann::json& value);

struct MetricRow {
    /// What Azure tells it from others by; empty when it does not say.
    std::string id{};
    std::optional<std::int64_t> step{};
    std::optional<async::Clock::TimePoint> created_at{};
    /// Column → value; a scalar's single column has the metric's name.
    std::map<std::string, MetricValue> data{};
};

struct Metric {
    std::string name{};
    /// Column → Int, Double, String, Bool, Artifact.
    std::map<std::string, std::string> columns{};
    /// e.g. "azureml.v1.scalar".
    std::string kind{};
    std::vector<MetricRow> rows{};
    /// Rows were left out to keep the answer small.
    bool partial = false;

    /// The last row's number when the metric is a scalar.
    std::optional<double> last_number() const;
};

namespace metrics {
/// One latest row of each metric; where the service lacks that call, of the first fifty.  Source:
/// `POST …/runs/{id}/lastvalues`, metric v2.0; `list` and `full` as azureml-core asks.
asio::awaitable<std::vector<Metric>> last_values(Client& client,
                                                 DataPlane plane,
                                                 std::string run_id,
                                                 std::stop_token stop);
/// Every row since a time (absent: all), all pages.  Source: `POST …/runs/{id}/full`.
asio::awaitable<Metric> full(Client& client,
                             DataPlane plane,
                             std::string run_id,
                             std::string metric,
                             std::optional<async::Clock::TimePoint> since,
                             std::stop_token stop);
/// Rows thinned out for a chart.  Source: `POST …/runs/{id}/sample`.
asio::awaitable<Metric> sample(
    Client& client, DataPlane plane, std::string run_id, std::string metric, std::stop_token stop);
}  // namespace metrics

}  // namespace aml::azure
