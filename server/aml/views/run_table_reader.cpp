#include "views/run_table_reader.hpp"

#include "azure/mlflow.hpp"
#include "azure/run_history.hpp"
#include "runs/run_reader.hpp"
#include "support/error.hpp"
#include "support/scope_exit.hpp"
#include "support/text.hpp"
#include "views/run_document.hpp"
#include "views/run_view.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

namespace aml::views {
namespace {

constexpr std::chrono::milliseconds table_look_period{500};
constexpr std::chrono::milliseconds news_period{10'000};
/// Runs that one call of run history brings.
constexpr int runs_of_page = 500;
constexpr int logged_of_page = 1000;
/// Of each experiment, when only news are wanted.
constexpr std::size_t newest_runs = 50;
/// Experiments whose news are looked for; those with the newest runs.
constexpr std::size_t most_experiments = 10;
constexpr std::size_t most_parallel = 4;

}  // namespace

RunTableReader::RunTableReader(std::shared_ptr<const void> owner,
                               workspace::AzureAccess& access,
                               runs::RunWatcher& watcher,
                               async::Clock& clock,
                               async::TaskGroup& tasks,
                               azure::ResourceId workspace,
                               std::string experiment)
    : owner_(std::move(owner)),
      access_(access),
      watcher_(watcher),
      clock_(clock),
      tasks_(tasks),
      workspace_(std::move(workspace)),
      experiment_(std::move(experiment)) {
    changes_ = first_revision(clock_.now());
}

asio::awaitable<void> RunTableReader::wait_for_change(std::optional<std::uint64_t> seen,
                                                      std::stop_token stop) {
    for (;;) {
        if (!reading_ && clock_.now() >= due_) {
            reading_ = true;
            tasks_.spawn(read());
        }
        take_watched();
        const bool has_something = table_.size() > 0 || complete_ || !problem_.empty();
        if (has_something && seen != revision()) co_return;
        co_await clock_.sleep_for(table_look_period, stop);
    }
}

asio::awaitable<void> RunTableReader::read() {
    const auto self = shared_from_this();
    const ScopeExit done([&self] { self->reading_ = false; });
    const auto stop = tasks_.stop_token();
    std::string problem;
    try {
        if (complete_) {
            co_await read_news(stop);
        } else {
            co_await read_all(stop);
            ++changes_;
        }
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        problem = error.message();
    }
    if (problem != problem_) ++changes_;
    problem_ = std::move(problem);
    due_ = clock_.now() + news_period;
}

asio::awaitable<void> RunTableReader::read_all(std::stop_token stop) {
    co_await read_experiments(stop);
    // What was logged comes beside the runs: it waits for them in the table.
    std::function<asio::awaitable<void>(std::size_t, std::stop_token)> step =
        [this](std::size_t index, std::stop_token token) {
            if (index == 0) return read_logged(logged_of_page, true, std::move(token));
            return read_runs_of(experiments_[index - 1], SIZE_MAX, std::move(token));
        };
    co_await async::for_each_parallel(
        experiments_.size() + 1, most_parallel, std::move(step), std::move(stop));
    complete_ = true;
}

asio::awaitable<void> RunTableReader::read_news(std::stop_token stop) {
    const auto count = std::min(experiments_.size(), most_experiments);
    const auto before = table_.size();
    std::function<asio::awaitable<void>(std::size_t, std::stop_token)> step =
        [this](std::size_t index, std::stop_token token) {
            return read_runs_of(experiments_[index], newest_runs, std::move(token));
        };
    co_await async::for_each_parallel(count, most_parallel, std::move(step), stop);
    co_await read_unfinished(stop);
    const bool is_news = table_.size() != before || !unfinished_.empty() || has_ended_;
    if (!is_news) co_return;
    co_await read_logged(static_cast<int>(newest_runs), false, std::move(stop));
    has_ended_ = false;
}

asio::awaitable<void> RunTableReader::read_experiments(std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    auto plane = co_await client.data_plane(workspace_, stop);
    auto first = co_await azure::run_history::query_experiments(client, std::move(plane), stop);
    const auto all = co_await azure::collect(std::move(first), std::move(stop));
    experiments_.clear();
    for (const auto& experiment : all) {
        if (experiment_.empty() || same_name(experiment.name, experiment_))
            experiments_.push_back({experiment.id, experiment.name});
    }
}

asio::awaitable<void> RunTableReader::read_runs_of(Experiment experiment,
                                                   std::size_t limit,
                                                   std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    auto plane = co_await client.data_plane(workspace_, stop);
    azure::RunQuery query;
    query.top = static_cast<int>(std::min<std::size_t>(limit, runs_of_page));
    auto page = co_await azure::run_history::query_runs(
        client, std::move(plane), experiment.name, std::move(query), stop);
    std::size_t count = 0;
    for (;;) {
        for (const auto& run : page.items) put(runs::run_of(workspace_, run, experiment.name));
        count += page.items.size();
        if (!page.has_next() || count >= limit) co_return;
        auto following = co_await page.next(stop);
        page = std::move(following);
    }
}

asio::awaitable<void> RunTableReader::read_logged(int page_size,
                                                  bool all_pages,
                                                  std::stop_token stop) {
    std::vector<std::string> ids;
    for (const auto& experiment : experiments_) ids.push_back(experiment.id);
    if (ids.empty()) co_return;
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    auto plane = co_await client.data_plane(workspace_, stop);
    auto page = co_await azure::mlflow::search_runs(
        client, std::move(plane), std::move(ids), page_size, stop);
    for (;;) {
        for (auto& run : page.items) {
            std::erase_if(run.tags, [](const auto& tag) { return is_tag_of_service(tag.first); });
            table_.put(run);
        }
        if (!all_pages || !page.has_next()) co_return;
        auto following = co_await page.next(stop);
        page = std::move(following);
    }
}

asio::awaitable<void> RunTableReader::read_unfinished(std::stop_token stop) {
    if (unfinished_.empty()) co_return;
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    auto plane = co_await client.data_plane(workspace_, stop);
    std::vector<std::string> names(unfinished_.begin(), unfinished_.end());
    azure::run_history::TakeRuns take = [this](const std::vector<std::string>&,
                                               const std::vector<azure::Run>& found) {
        for (const auto& run : found) {
            const auto row = table_.find(run.run_id);
            if (row) put(runs::merged(table_.run(*row), run));
        }
    };
    co_await azure::run_history::batch_run_data(
        client, std::move(plane), std::move(names), std::move(take), std::move(stop));
}

void RunTableReader::take_watched() {
    const auto watched = watcher_.runs();
    for (const auto& run : watched) {
        const bool is_here = run.job.workspace() == workspace_ &&
                             (experiment_.empty() || same_name(run.experiment, experiment_));
        if (is_here) put(run);
    }
}

void RunTableReader::put(const runs::RunSnapshot& run) {
    const auto name = run.job.name();
    if (!run.is_final()) {
        unfinished_.insert(name);
    } else if (unfinished_.erase(name) > 0) {
        has_ended_ = true;
    }
    table_.put(run);
}

}  // namespace aml::views
