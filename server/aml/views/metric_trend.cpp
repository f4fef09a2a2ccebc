#include "views/metric_trend.hpp"

#include "azure/metrics.hpp"
#include "runs/run_metrics.hpp"
#include "support/localize.hpp"
#include "views/metric_history.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace aml::views {
namespace {

constexpr auto rising = Localizable("rising");
constexpr auto falling = Localizable("falling");
constexpr auto steady = Localizable("steady");

const Localizable& word_of(series::Direction direction) {
    if (direction == series::Direction::Rising) return rising;
    return direction == series::Direction::Falling ? falling : steady;
}

}  // namespace

std::string trend_text(std::string_view metric, const series::Trend& trend) {
    const auto last = runs::number_text(trend.last);
    if (!trend.lowest) return fmt::format("{} {}", metric, last);
    const auto better = runs::better_values(metric);
    const auto& best = better == runs::Better::Lower ? trend.lowest : trend.highest;
    const auto value = runs::number_text(best->value);
    const auto step = runs::number_text(best->x);
    if (!std::isfinite(trend.last))
        return localize("{} {}, best {} at step {}", metric, last, value, step);
    const auto direction = localize(word_of(trend.direction));
    if (better != runs::Better::Unknown)
        return localize("{} {}, {}, best {} at step {}", metric, last, direction, value, step);
    return localize("{} {}, {}, between {} and {}",
                    metric,
                    last,
                    direction,
                    runs::number_text(trend.lowest->value),
                    value);
}

asio::awaitable<std::string> main_trend(workspace::AzureAccess& access,
                                        runs::RunSnapshot run,
                                        std::stop_token stop) {
    if (run.metrics.empty()) {
        auto metrics = co_await runs::last_metrics(access, run.job, stop);
        run.metrics = std::move(metrics);
    }
    const auto* main = runs::main_metric(run.metrics);
    if (main == nullptr) co_return std::string();
    auto* connection = co_await access.connect(stop);
    auto& client = connection->client;
    const auto plane = co_await client.data_plane(run.job.workspace(), stop);
    const auto rows = co_await azure::metrics::full(
        client, plane, run.job.name(), main->name, std::nullopt, std::move(stop));
    MetricHistory history;
    history.take(rows);
    const auto* numbers = history.numbers({});
    const auto trend =
        numbers == nullptr ? std::nullopt : series::trend_of(numbers->line(series::Axis::Step));
    co_return trend ? trend_text(main->name, *trend) : std::string();
}

}  // namespace aml::views
