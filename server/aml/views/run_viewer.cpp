#include "views/run_viewer.hpp"

#include "azure/artifacts.hpp"
#include "azure/jobs.hpp"
#include "azure/run_history.hpp"
#include "runs/failure_reader.hpp"
#include "runs/log_files.hpp"
#include "runs/run_metrics.hpp"
#include "runs/run_reader.hpp"
#include "runs/viewing.hpp"
#include "support/localize.hpp"
#include "views/images.hpp"
#include "views/run_document.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace aml::views {
namespace {

using std::chrono::milliseconds;

/// How often what the watcher knows is looked at.
constexpr milliseconds look_period{500};
constexpr milliseconds metrics_period{2'000};
constexpr milliseconds page_period{10'000};
constexpr milliseconds retry_period{5'000};
constexpr std::size_t most_files = 1'000;
constexpr std::size_t most_files_counted = 10'000;
/// Calls that are under way at once.
constexpr std::size_t most_calls = 4;
/// Earlier runs whose durations are looked at.
constexpr std::size_t earlier_runs = 20;

bool is_due(const std::optional<async::Clock::TimePoint>& last,
            milliseconds period,
            async::Clock::TimePoint now) {
    return !last || now - *last >= period;
}

MetricSummary summary_of(const azure::Metric& metric) {
    MetricSummary summary{.name = metric.name, .kind = kind_of(metric)};
    for (const auto& [column, type] : metric.columns) summary.columns.push_back(column);
    const bool has_value = summary.kind == MetricKind::Scalar || summary.kind == MetricKind::Text;
    if (has_value) {
        const auto values = runs::scalars({metric});
        if (!values.empty()) summary.value = values.front().value;
    }
    return summary;
}

}  // namespace

RunViewer::RunViewer(std::shared_ptr<const void> owner,
                     workspace::AzureAccess& access,
                     runs::RunWatcher& watcher,
                     async::Clock& clock,
                     async::TaskGroup& tasks,
                     azure::ResourceId job)
    : owner_(std::move(owner)),
      access_(access),
      watcher_(watcher),
      clock_(clock),
      tasks_(tasks),
      job_(std::move(job)),
      log_(access, clock, job_),
      refreshing_(tasks) {
    view_.revision = first_revision(clock_.now());
}

runs::RunState RunViewer::state() const {
    const auto snapshot = watcher_.find(job_);
    return snapshot && snapshot->is_final() ? runs::RunState::Final : runs::RunState::GoingOn;
}

asio::awaitable<RunView> RunViewer::next(std::optional<std::uint64_t> seen, std::stop_token stop) {
    const runs::Viewing viewing(watcher_, job_);
    const auto self = shared_from_this();
    for (;;) {
        async::SingleFlight<bool>::Start start = [self](std::stop_token token) {
            return self->refresh(std::move(token));
        };
        co_await refreshing_.run(std::move(start), stop);
        if (seen != view_.revision) co_return view_;
        co_await clock_.sleep_for(look_period, stop);
    }
}

asio::awaitable<bool> RunViewer::refresh(std::stop_token stop) {
    auto next = view_;
    const auto snapshot = watcher_.find(job_);
    if (snapshot) next.run = *snapshot;
    try {
        co_await read(next, std::move(stop));
        next.problem.clear();
    } catch (const Error& error) {
        if (!known_ || error.kind() == ErrorKind::Cancelled) throw;
        next.problem = error.message();
        const auto asked = error.details().retry_after.value_or(retry_period);
        retry_at_ = clock_.now() + std::max(asked, retry_period);
    }
    next.stages = stages_of(next.run, usual_);
    if (!known_ || !same_view(view_, next)) {
        ++next.revision;
        view_ = std::move(next);
    }
    known_ = true;
    co_return true;
}

asio::awaitable<void> RunViewer::read(RunView& view, std::stop_token stop) {
    const auto now = clock_.now();
    const bool over = view.run.is_final();
    if (complete_ || (retry_at_ && now < *retry_at_)) co_return;
    std::vector<Read> steps;
    if (!known_) {
        steps.push_back(&RunViewer::read_configuration);
        steps.push_back(&RunViewer::read_usual);
    }
    if (over || is_due(page_read_at_, page_period, now)) {
        steps.push_back(&RunViewer::read_document);
        steps.push_back(&RunViewer::read_files);
        steps.push_back(&RunViewer::read_logs);
    }
    if (over || is_due(metrics_read_at_, metrics_period, now))
        steps.push_back(&RunViewer::read_metrics);
    if (over && view.run.status != "Completed") steps.push_back(&RunViewer::read_failure);
    if (steps.empty()) co_return;
    // They all need it, and the first to ask has it for all.
    auto* connection = co_await access_.connect(stop);
    co_await connection->client.data_plane(job_.workspace(), stop);
    std::function<asio::awaitable<void>(std::size_t, std::stop_token)> step =
        [this, &steps, &view](std::size_t index, std::stop_token token) {
            return (this->*steps.at(index))(view, std::move(token));
        };
    co_await async::for_each_parallel(steps.size(), most_calls, std::move(step), std::move(stop));
    retry_at_.reset();
    complete_ = over;
}

asio::awaitable<void> RunViewer::read_document(RunView& view, std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    const auto plane = co_await client.data_plane(job_.workspace(), stop);
    const auto document =
        co_await azure::run_history::find_run_document(client, plane, job_.name(), stop);
    page_read_at_ = clock_.now();
    if (!document) co_return;
    view.parameters = parameters_of(*document);
    view.tags = tags_of(*document);
}

asio::awaitable<void> RunViewer::read_configuration(RunView& view, std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    const auto properties =
        co_await azure::jobs::properties(client, job_.workspace(), job_.name(), std::move(stop));
    if (properties) view.configuration = configuration_of(*properties);
}

asio::awaitable<void> RunViewer::read_usual(RunView&, std::stop_token stop) {
    const auto snapshot = watcher_.find(job_);
    if (!snapshot || snapshot->experiment.empty()) co_return;
    auto* connection = co_await access_.connect(stop);
    const auto earlier = co_await runs::list_runs_of(
        connection->client, job_.workspace(), snapshot->experiment, earlier_runs, std::move(stop));
    usual_ = usual_durations(earlier);
}

asio::awaitable<void> RunViewer::read_files(RunView& view, std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    const auto plane = co_await client.data_plane(job_.workspace(), stop);
    auto first = co_await azure::artifacts::list(client, plane, job_.name(), {}, stop);
    auto all = co_await azure::collect(std::move(first), stop, most_files_counted);
    std::vector<std::string> files;
    for (auto& file : all) {
        if (!runs::is_log(file.path)) files.push_back(std::move(file.path));
    }
    std::sort(files.begin(), files.end());
    view.images = images_among(files);
    const auto shown = std::min(files.size(), most_files);
    view.more_files = files.size() - shown;
    files.resize(shown);
    view.files = std::move(files);
}

asio::awaitable<void> RunViewer::read_logs(RunView& view, std::stop_token stop) {
    auto logs = co_await log_.files(state(), std::move(stop));
    view.logs = std::move(logs);
}

asio::awaitable<void> RunViewer::read_failure(RunView& view, std::stop_token stop) {
    auto failure = co_await runs::read_failure(log_, view.run, std::move(stop));
    view.failure = std::move(failure);
}

asio::awaitable<void> RunViewer::read_metrics(RunView& view, std::stop_token stop) {
    const auto metrics = co_await runs::last_rows(access_, job_, std::move(stop));
    metrics_read_at_ = clock_.now();
    std::vector<MetricSummary> summaries;
    for (const auto& metric : metrics) {
        auto& latest = latest_[metric.name];
        const auto row = metric.rows.empty() ? std::string() : row_identity(metric.rows.back());
        if (latest.revision == 0 || latest.row != row) latest = {row, latest.revision + 1};
        auto summary = summary_of(metric);
        summary.revision = latest.revision;
        summaries.push_back(std::move(summary));
    }
    std::ranges::sort(summaries, {}, &MetricSummary::name);
    view.metrics = std::move(summaries);
}

asio::awaitable<const MetricHistory*> RunViewer::history(std::string metric, std::stop_token stop) {
    auto& entry = histories_.try_emplace(metric, tasks_).first->second;
    const bool is_told = !is_due(metrics_read_at_, 2 * metrics_period, clock_.now());
    const bool is_known = entry.complete || (is_told && entry.revision == latest_[metric].revision);
    if (!is_known) {
        const auto self = shared_from_this();
        async::SingleFlight<bool>::Start start = [self, metric](std::stop_token token) {
            return self->read_rows(metric, std::move(token));
        };
        co_await entry.reading.run(std::move(start), std::move(stop));
    }
    co_return &entry.rows;
}

asio::awaitable<bool> RunViewer::read_rows(std::string metric, std::stop_token stop) {
    auto& entry = histories_.at(metric);
    const bool over = state() == runs::RunState::Final;
    const auto revision = latest_[metric].revision;
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    const auto plane = co_await client.data_plane(job_.workspace(), stop);
    const auto since = entry.rows.since();
    const auto part =
        co_await azure::metrics::full(client, plane, job_.name(), metric, since, stop);
    entry.rows.take(part);
    entry.revision = revision;
    entry.complete = over;
    co_return true;
}

}  // namespace aml::views
