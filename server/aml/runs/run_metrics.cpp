#include "runs/run_metrics.hpp"

#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace aml::runs {

namespace {

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

/// What a metric is called that tells how good a model is.
struct TellingName {
    std::string_view word;
    Better better;
};

/// The most telling first.
constexpr std::array<TellingName, 10> telling{{{"accuracy", Better::Higher},
                                               {"acc", Better::Higher},
                                               {"auc", Better::Higher},
                                               {"f1", Better::Higher},
                                               {"r2", Better::Higher},
                                               {"score", Better::Higher},
                                               {"loss", Better::Lower},
                                               {"rmse", Better::Lower},
                                               {"mae", Better::Lower},
                                               {"error", Better::Lower}}};
constexpr std::array<std::string_view, 3> unseen_data{"test", "val", "eval"};

/// Lower for a metric that tells more; `name` in lower case.
std::size_t rank_of(std::string_view name) {
    const auto holds = [name](std::string_view word) {
        return name.find(word) != std::string_view::npos;
    };
    const auto word = std::ranges::find_if(telling, holds, &TellingName::word);
    const auto place = static_cast<std::size_t>(word - telling.begin());
    if (word == telling.end()) return 2 * place;
    return 2 * place + (std::ranges::any_of(unseen_data, holds) ? 0 : 1);
}

}  // namespace

Better better_values(std::string_view metric) {
    const auto name = lower(metric);
    const auto is_in_name = [&name](std::string_view word) {
        return name.find(word) != std::string::npos;
    };
    const auto known = std::ranges::find_if(telling, is_in_name, &TellingName::word);
    return known == telling.end() ? Better::Unknown : known->better;
}

std::string number_text(double number) {
    if (std::isnan(number)) return "NaN";
    if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
    return fmt::format("{:.6g}", number);
}

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

const MetricValue* main_metric(const std::vector<MetricValue>& metrics) {
    const MetricValue* best = nullptr;
    std::size_t best_rank = 0;
    for (const auto& metric : metrics) {
        if (!metric.number) continue;
        const auto rank = rank_of(lower(metric.name));
        if (best == nullptr || rank < best_rank) {
            best = &metric;
            best_rank = rank;
        }
    }
    return best;
}

asio::awaitable<std::vector<azure::Metric>> last_rows(workspace::AzureAccess& access,
                                                      azure::ResourceId job,
                                                      std::stop_token stop) {
    auto* connection = co_await access.connect(stop);
    auto& client = connection->client;
    const auto plane = co_await client.data_plane(job.workspace(), stop);
    try {
        auto rows = co_await azure::metrics::last_values(client, plane, job.name(), stop);
        co_return rows;
    } catch (const Error& error) {
        // A run that has logged nothing yet may be unknown to the metric service.
        if (error.kind() != ErrorKind::NotFound) throw;
    }
    co_return std::vector<azure::Metric>{};
}

asio::awaitable<std::vector<MetricValue>> last_metrics(workspace::AzureAccess& access,
                                                       azure::ResourceId job,
                                                       std::stop_token stop) {
    const auto rows = co_await last_rows(access, std::move(job), std::move(stop));
    co_return scalars(rows);
}

}  // namespace aml::runs
