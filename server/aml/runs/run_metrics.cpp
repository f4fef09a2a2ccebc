#include "runs/run_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace aml::runs {

namespace {

std::string number_text(double number) {
    if (std::isnan(number)) return "NaN";
    if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
    return fmt::format("{:.6g}", number);
}

/// The single column of a scalar; absent for tables and the like.
std::optional<MetricValue> scalar(const azure::Metric& metric) {
    if (metric.rows.empty()) return std::nullopt;
    const auto& row = metric.rows.back();
    if (row.data.size() != 1) return std::nullopt;
    const auto& [column, value] = *row.data.begin();
    const auto type = metric.columns.find(column);
    if (type != metric.columns.end() && type->second == "Artifact") return std::nullopt;
    MetricValue result;
    result.name = metric.name;
    result.step = row.step;
    if (const auto* number = std::get_if<double>(&value)) {
        result.number = *number;
        result.value = number_text(*number);
    } else {
        result.value = std::get<std::string>(value);
    }
    return result;
}

}  // namespace

std::vector<MetricValue> scalars(const std::vector<azure::Metric>& metrics) {
    std::vector<MetricValue> values;
    for (const auto& metric : metrics) {
        if (auto value = scalar(metric)) values.push_back(std::move(*value));
    }
    std::sort(values.begin(), values.end(), [](const auto& left, const auto& right) {
        return left.name < right.name;
    });
    return values;
}

asio::awaitable<std::vector<MetricValue>> last_metrics(workspace::AzureAccess& access,
                                                       azure::ResourceId job,
                                                       std::stop_token stop) {
    auto* connection = co_await access.connect(stop);
    auto& client = connection->client;
    const auto plane = co_await client.data_plane(job.workspace(), stop);
    try {
        const auto metrics = co_await azure::metrics::last_values(client, plane, job.name(), stop);
        co_return scalars(metrics);
    } catch (const Error& error) {
        // A run that has logged nothing yet may be unknown to the metric service.
        if (error.kind() != ErrorKind::NotFound) throw;
    }
    co_return std::vector<MetricValue>{};
}

}  // namespace aml::runs
