#include "azure/metrics.hpp"

#include "azure/json_fields.hpp"
#include "http/url.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <limits>

namespace aml::azure {
namespace {

using nlohmann::json;

constexpr std::string_view metric_service = "metric/v2.0";
// Each costs a call of its own.
constexpr std::size_t most_single_metrics = 50;

http::Request metric_request(const Client& client,
                             const DataPlane& plane,
                             const std::string& run_id,
                             std::string_view what) {
    auto request = client.data(http::Method::Post,
                               localize("read the metrics"),
                               plane,
                               metric_service,
                               fmt::format("/runs/{}/{}", http::percent_encode(run_id), what));
    // These only read.
    request.repeat = http::Repeat::Safe;
    return request;
}

MetricRow read_row(const json& item) {
    MetricRow row;
    row.id = text(item, "metricId");
    row.step = integer(item, "step");
    row.created_at = time(item, "createdUtc");
    const auto& data = member(item, {"data"});
    if (data.is_object()) {
        for (const auto& [column, value] : data.items())
            row.data[column] = read_metric_value(value);
    }
    return row;
}

Metric read_metric(const json& item) {
    Metric metric;
    metric.name = text(item, "name");
    metric.columns = text_map(item, "columns");
    metric.kind = text(member(item, {"properties"}), "uxMetricType");
    metric.partial = boolean(item, "isPartialResult");
    for (const auto& row : member(item, {"value"})) metric.rows.push_back(read_row(row));
    return metric;
}

json metric_query(const std::string& metric, const std::string& continuation) {
    json body = {{"metricName", metric}, {"metricNamespace", nullptr}};
    if (!continuation.empty()) body["continuationToken"] = continuation;
    return body;
}

asio::awaitable<std::vector<std::string>> metric_names(Client& client,
                                                       DataPlane plane,
                                                       std::string run_id,
                                                       std::stop_token stop) {
    auto request = metric_request(client, plane, run_id, "list");
    const json body = json::object();
    set_json(request, body);
    const auto answer = co_await client.find(std::move(request), std::move(stop));
    std::vector<std::string> names;
    if (!answer) co_return names;
    for (const auto& item : member(answer->body, {"value"}))
        names.push_back(text(member(item, {"metricKey"}), "name"));
    co_return names;
}

/// The last rows as the official client finds them: it knows no call that gives them all at once.
/// Nothing for a run that the metric service does not know.
asio::awaitable<std::vector<Metric>> last_of_each(Client& client,
                                                  DataPlane plane,
                                                  std::string run_id,
                                                  std::stop_token stop) {
    auto names = co_await metric_names(client, plane, run_id, stop);
    if (names.size() > most_single_metrics) names.resize(most_single_metrics);
    std::vector<Metric> result;
    for (const auto& name : names) {
        auto metric = co_await metrics::full(client, plane, run_id, name, {}, stop);
        if (metric.rows.size() > 1) metric.rows.erase(metric.rows.begin(), metric.rows.end() - 1);
        result.push_back(std::move(metric));
    }
    co_return result;
}

}  // namespace

MetricValue read_metric_value(const json& value) {
    if (value.is_number()) return value.get<double>();
    if (value.is_boolean()) return std::string(value.get<bool>() ? "true" : "false");
    if (!value.is_string()) return value.is_null() ? std::string() : value.dump();
    const auto& words = value.get_ref<const std::string&>();
    if (same_name(words, "NaN")) return std::numeric_limits<double>::quiet_NaN();
    if (same_name(words, "Infinity")) return std::numeric_limits<double>::infinity();
    if (same_name(words, "-Infinity")) return -std::numeric_limits<double>::infinity();
    return words;
}

std::optional<double> Metric::last_number() const {
    if (rows.empty()) return std::nullopt;
    const auto& data = rows.back().data;
    auto value = data.find(name);
    if (value == data.end() && data.size() == 1) value = data.begin();
    if (value == data.end() || !std::holds_alternative<double>(value->second)) return std::nullopt;
    return std::get<double>(value->second);
}

asio::awaitable<std::vector<Metric>> metrics::last_values(Client& client,
                                                          DataPlane plane,
                                                          std::string run_id,
                                                          std::stop_token stop) {
    auto request = metric_request(client, plane, run_id, "lastvalues");
    const json body = json::object();
    set_json(request, body);
    const auto answer = co_await client.find(std::move(request), stop);
    std::vector<Metric> result;
    if (!answer) {
        result = co_await last_of_each(client, std::move(plane), std::move(run_id), stop);
        co_return result;
    }
    for (const auto& item : member(answer->body, {"value"})) result.push_back(read_metric(item));
    co_return result;
}

asio::awaitable<Metric> metrics::full(Client& client,
                                      DataPlane plane,
                                      std::string run_id,
                                      std::string metric,
                                      std::optional<async::Clock::TimePoint> since,
                                      std::stop_token stop) {
    std::optional<Metric> whole;
    std::string continuation;
    do {
        auto request = metric_request(client, plane, run_id, "full");
        auto body = metric_query(metric, continuation);
        if (since) body["startTime"] = format_time(*since);
        set_json(request, body);
        const auto answer = co_await client.send(std::move(request), stop);
        auto part = read_metric(answer.body);
        if (whole) {
            whole->rows.insert(whole->rows.end(), part.rows.begin(), part.rows.end());
        } else {
            whole = std::move(part);
        }
        continuation = text(answer.body, "continuationToken");
    } while (!continuation.empty());
    co_return std::move(*whole);
}

asio::awaitable<Metric> metrics::sample(
    Client& client, DataPlane plane, std::string run_id, std::string metric, std::stop_token stop) {
    auto request = metric_request(client, plane, run_id, "sample");
    const auto body = metric_query(metric, "");
    set_json(request, body);
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    co_return read_metric(answer.body);
}

}  // namespace aml::azure
