#include "views/run_viewer.hpp"

#include "async/run_blocking.hpp"
#include "azure/artifacts.hpp"
#include "azure/jobs.hpp"
#include "azure/run_history.hpp"
#include "runs/failure_reader.hpp"
#include "runs/log_files.hpp"
#include "runs/run_files.hpp"
#include "runs/run_metrics.hpp"
#include "runs/run_reader.hpp"
#include "runs/viewing.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "views/preview.hpp"
#include "views/run_document.hpp"
#include "views/stages.hpp"

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
/// A table in a file is held as a whole.
constexpr std::uint64_t largest_table = 64U << 20U;
constexpr std::size_t most_tables = 4;

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
                     asio::thread_pool& pool,
                     azure::ResourceId job)
    : owner_(std::move(owner)),
      access_(access),
      watcher_(watcher),
      clock_(clock),
      tasks_(tasks),
      pool_(pool),
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

template <typename Part>
void RunViewer::show(Part& shown, Part read) {
    if (shown == read) return;
    shown = std::move(read);
    has_changed_ = true;
}

asio::awaitable<bool> RunViewer::refresh(std::stop_token stop) {
    const auto snapshot = watcher_.find(job_);
    if (snapshot) {
        has_changed_ = has_changed_ || !runs::same_state(view_.run, *snapshot);
        view_.run = *snapshot;
    }
    try {
        co_await read(std::move(stop));
        show(view_.problem, std::string());
    } catch (const Error& error) {
        if (!known_ || error.kind() == ErrorKind::Cancelled) throw;
        show(view_.problem, error.message());
        const auto asked = error.details().retry_after.value_or(retry_period);
        retry_at_ = clock_.now() + std::max(asked, retry_period);
    }
    show(view_.stages, stages_of(view_.run, usual_));
    if (has_changed_ || !known_) ++view_.revision;
    has_changed_ = false;
    known_ = true;
    co_return true;
}

asio::awaitable<void> RunViewer::read(std::stop_token stop) {
    const auto now = clock_.now();
    if (retry_at_ && now < *retry_at_) co_return;
    const bool over = view_.run.is_final();
    const bool is_last = over && !read_after_end_;
    std::vector<Read> steps;
    if (known_ && !files_.unread().empty()) steps.push_back(&RunViewer::read_contents);
    if (!known_) {
        steps.push_back(&RunViewer::read_configuration);
        steps.push_back(&RunViewer::read_usual);
    }
    if (is_last || (!over && is_due(page_read_at_, page_period, now))) {
        steps.push_back(&RunViewer::read_document);
        steps.push_back(&RunViewer::read_files);
        steps.push_back(&RunViewer::read_logs);
    }
    if (is_last || (!over && is_due(metrics_read_at_, metrics_period, now)))
        steps.push_back(&RunViewer::read_metrics);
    if (is_last && view_.run.status != "Completed") steps.push_back(&RunViewer::read_failure);
    if (steps.empty()) co_return;
    // They all need it, and the first to ask has it for all.
    auto* connection = co_await access_.connect(stop);
    co_await connection->client.data_plane(job_.workspace(), stop);
    std::function<asio::awaitable<void>(std::size_t, std::stop_token)> step =
        [this, &steps](std::size_t index, std::stop_token token) {
            return (this->*steps.at(index))(std::move(token));
        };
    co_await async::for_each_parallel(steps.size(), most_calls, std::move(step), std::move(stop));
    retry_at_.reset();
    read_after_end_ = over;
}

asio::awaitable<void> RunViewer::read_document(std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    const auto plane = co_await client.data_plane(job_.workspace(), stop);
    const auto document =
        co_await azure::run_history::find_run_document(client, plane, job_.name(), stop);
    page_read_at_ = clock_.now();
    if (!document) co_return;
    show(view_.parameters, parameters_of(*document));
    show(view_.tags, tags_of(*document));
    files_.set_tables(table_files(*document));
    show_files();
}

asio::awaitable<void> RunViewer::read_configuration(std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    const auto properties =
        co_await azure::jobs::properties(client, job_.workspace(), job_.name(), std::move(stop));
    if (properties) show(view_.configuration, configuration_of(*properties));
}

asio::awaitable<void> RunViewer::read_usual(std::stop_token stop) {
    const auto snapshot = watcher_.find(job_);
    if (!snapshot || snapshot->experiment.empty()) co_return;
    auto* connection = co_await access_.connect(stop);
    const auto earlier = co_await runs::list_runs_of(connection->client,
                                                     job_.workspace(),
                                                     snapshot->experiment,
                                                     runs::earlier_runs,
                                                     std::move(stop));
    usual_ = runs::usual_durations(earlier, *snapshot);
}

asio::awaitable<void> RunViewer::read_files(std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    const auto plane = co_await client.data_plane(job_.workspace(), stop);
    auto first = co_await azure::artifacts::list(client, plane, job_.name(), {}, stop);
    auto all = co_await azure::collect(std::move(first), stop, most_files_counted);
    std::erase_if(all, [](const azure::Artifact& file) { return runs::is_log(file.path); });
    std::ranges::sort(all, {}, &azure::Artifact::path);
    files_.set_files(all);
    std::vector<std::string> shown;
    for (const auto& file : all) {
        if (shown.size() < most_files) shown.push_back(file.path);
    }
    show(view_.more_files, all.size() - shown.size());
    show(view_.files, std::move(shown));
    show_files();
}

asio::awaitable<void> RunViewer::read_contents(std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    const auto paths = files_.unread();
    for (const auto& path : paths) {
        std::string content;
        try {
            const auto start =
                co_await runs::read_start(client, job_, path, preview_limit(path), stop);
            content = start.bytes;
        } catch (const Error& error) {
            // It may have been removed meanwhile.
            if (error.kind() != ErrorKind::NotFound) throw;
        }
        files_.set_content(path, content);
    }
    show_files();
}

void RunViewer::show_files() {
    show(view_.images, files_.images());
    show(view_.logged, files_.logged());
}

asio::awaitable<void> RunViewer::read_logs(std::stop_token stop) {
    auto logs = co_await log_.files(state(), std::move(stop));
    show(view_.logs, runs::offered_logs(std::move(logs)));
}

asio::awaitable<void> RunViewer::read_failure(std::stop_token stop) {
    auto failure = co_await runs::read_failure(log_, view_.run, std::move(stop));
    show(view_.failure, std::move(failure));
}

asio::awaitable<void> RunViewer::read_metrics(std::stop_token stop) {
    const auto metrics = co_await runs::last_rows(access_, job_, stop);
    metrics_read_at_ = clock_.now();
    std::vector<MetricSummary> summaries;
    for (const auto& metric : metrics) {
        auto summary = summary_of(metric);
        auto& latest = latest_[metric.name];
        const auto row = metric.rows.empty() ? std::string() : row_identity(metric.rows.back());
        if (latest.revision == 0 || latest.row != row) {
            if (summary.kind == MetricKind::Picture) co_await read_pictures(metric.name, stop);
            if (summary.kind == MetricKind::Chart) files_.set_metric(metric);
            latest = {row, latest.revision + 1};
        }
        summary.revision = latest.revision;
        summaries.push_back(std::move(summary));
    }
    std::ranges::sort(summaries, {}, &MetricSummary::name);
    show(view_.metrics, std::move(summaries));
    show_files();
}

asio::awaitable<void> RunViewer::read_pictures(std::string metric, std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    const auto plane = co_await client.data_plane(job_.workspace(), stop);
    const auto rows = co_await azure::metrics::full(
        client, plane, job_.name(), std::move(metric), std::nullopt, std::move(stop));
    files_.set_metric(rows);
}

asio::awaitable<std::shared_ptr<const TableFile>> RunViewer::table(std::string path,
                                                                   std::stop_token stop) {
    const auto self = shared_from_this();
    const auto revision = files_.revision(path);
    const auto is_meant = [&path](const KnownTable& known) { return known.path == path; };
    const auto known = std::ranges::find_if(tables_, is_meant);
    if (known != tables_.end()) {
        // Who writes it again may not say so.
        const bool may_grow = state() == runs::RunState::GoingOn;
        const bool is_old = may_grow && is_due(known->read_at, page_period, clock_.now());
        if (known->revision == revision && !is_old) co_return known->table;
    }
    auto* connection = co_await access_.connect(stop);
    auto content =
        co_await runs::read_start(connection->client, job_, path, largest_table, std::move(stop));
    if (content.total > largest_table) {
        throw Error(ErrorKind::Rejected,
                    localize("The table {} has {}, which is too much to be shown. Download it.",
                             path,
                             human_size(content.total)));
    }
    auto make = [path, text = std::move(content.bytes)]() mutable {
        return std::make_shared<const TableFile>(std::move(path), std::move(text));
    };
    auto table = co_await async::run_blocking(pool_, std::move(make));
    std::erase_if(tables_, is_meant);
    if (tables_.size() == most_tables) tables_.erase(tables_.begin());
    tables_.push_back({path, revision, clock_.now(), table});
    co_return table;
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
