#include "azure/json_fields.hpp"
#include "azure/metrics.hpp"
#include "cli/commands.hpp"
#include "cli/follow.hpp"
#include "cli/invocation.hpp"
#include "cli/place.hpp"
#include "cli/plot.hpp"
#include "cli/table.hpp"
#include "runs/run_metrics.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "views/metric_history.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace aml::cli {
namespace {

constexpr std::chrono::milliseconds metrics_wait{2'000};
/// Letters of a drawing.
constexpr std::size_t plot_width = 72;
constexpr std::size_t plot_height = 10;

constexpr std::array metrics_options{
    workspace_option,
    follow_option,
    OptionSpec{"--metric", "NAME", Localizable("Only this metric.")},
    OptionSpec{"--plot", "", Localizable("Draw each metric over its steps.")},
};

/// The metrics of one run, read piece by piece.
class RunMetrics final {
public:
    RunMetrics(Invocation& invocation, azure::Client& client, azure::ResourceId job)
        : invocation_(invocation),
          client_(client),
          job_(std::move(job)),
          only_(invocation.line.value("--metric")) {}

    /// Reads what is new, and prints it point by point where `say` is set.
    asio::awaitable<void> read(bool say, std::stop_token stop) {
        const auto plane = co_await client_.data_plane(job_.workspace(), stop);
        const auto metrics = co_await runs::last_rows(invocation_.access, job_, stop);
        for (const auto& metric : metrics) {
            const bool is_wanted = !only_ || *only_ == metric.name;
            if (!is_wanted || views::kind_of(metric) != views::MetricKind::Scalar) continue;
            auto& history = histories_[metric.name];
            const auto known = history.size();
            const auto since = history.since();
            const auto rows = co_await azure::metrics::full(
                client_, plane, job_.name(), metric.name, since, stop);
            history.take(rows);
            if (say) print_points(metric.name, history, known);
        }
    }

    void print_points(const std::string& name,
                      const views::MetricHistory& history,
                      std::size_t from) {
        const auto* numbers = history.numbers({});
        for (auto i = from; numbers != nullptr && i < numbers->size(); ++i) {
            const auto point = numbers->point(i);
            const auto value = runs::number_text(point.value);
            nlohmann::json json{{"metric", name}, {"value", point.value}, {"time", point.time}};
            // JSON has no numbers for these.
            if (!std::isfinite(point.value)) json["value"] = value;
            if (point.step) json["step"] = *point.step;
            invocation_.terminal.value(json);
            const auto step = point.step ? fmt::format("{}", *point.step) : std::string("-");
            invocation_.terminal.line(fmt::format("{}  {}  {}", name, step, value));
        }
    }

    void print_table() {
        Table table({localize("METRIC"),
                     localize("LAST"),
                     localize("LOWEST"),
                     localize("HIGHEST"),
                     localize("POINTS")});
        for (const auto& [name, history] : histories_) {
            const auto* numbers = history.numbers({});
            if (numbers == nullptr || numbers->size() == 0) continue;
            const auto& values = numbers->line(series::Axis::Step).y;
            double lowest = std::numeric_limits<double>::infinity();
            double highest = -lowest;
            for (const double value : values) {
                lowest = std::fmin(lowest, value);
                highest = std::fmax(highest, value);
            }
            table.add({name,
                       runs::number_text(values.back()),
                       runs::number_text(lowest),
                       runs::number_text(highest),
                       fmt::format("{}", values.size())});
        }
        for (const auto& line : table.lines()) invocation_.terminal.line(line);
    }

    void print_plots() {
        for (const auto& [name, history] : histories_) {
            const auto* numbers = history.numbers({});
            if (numbers == nullptr) continue;
            invocation_.terminal.line(name);
            for (const auto& line : plot(*numbers, plot_width, plot_height))
                invocation_.terminal.line(line);
        }
    }

    bool empty() const { return histories_.empty(); }

    const std::optional<std::string>& only() const { return only_; }

private:
    Invocation& invocation_;
    azure::Client& client_;
    azure::ResourceId job_;
    std::optional<std::string> only_;
    std::map<std::string, views::MetricHistory> histories_{};
};

/// Throws: as `find_job`; NotFound.
asio::awaitable<ExitCode> show_metrics(Invocation& invocation, std::stop_token stop) {
    const auto job = co_await find_job(invocation, stop);
    auto* connection = co_await invocation.access.connect(stop);
    auto& client = connection->client;
    const bool follows = invocation.line.has("--follow");
    const bool plots = invocation.line.has("--plot");
    RunMetrics metrics(invocation, client, job);
    const bool says_points = follows || (invocation.terminal.json() && !plots);
    for (;;) {
        const auto run = co_await read_run(client, job, stop);
        co_await metrics.read(says_points, stop);
        if (!follows || run.is_final()) break;
        co_await invocation.clock.sleep_for(metrics_wait, stop);
    }
    if (metrics.empty()) {
        if (metrics.only())
            throw Error(ErrorKind::NotFound,
                        localize("The run {} has no metric {}.", job.name(), *metrics.only()));
        invocation.terminal.remark(localize("The run has logged no metrics."));
        co_return ExitCode::Completed;
    }
    if (plots) {
        metrics.print_plots();
    } else if (!says_points) {
        metrics.print_table();
    }
    co_return ExitCode::Completed;
}

}  // namespace

const Command metrics_command{
    .name = "metrics",
    .operand = "JOB",
    .operand_required = true,
    .summary = Localizable("Show or plot what a run has logged"),
    .description =
        Localizable("With --follow every point as it comes, until the run ends. JOB is the\n"
                    "run's name, as 'aml jobs' shows it, or its ARM id."),
    .options = metrics_options,
    .handler = show_metrics};

}  // namespace aml::cli
