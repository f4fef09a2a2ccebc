#include "runs/silence_watch.hpp"

#include "runs/run_log.hpp"
#include "runs/run_metrics.hpp"
#include "runs/run_reader.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace aml::runs {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_looks = 2;

/// Changes whenever a value is logged.
std::string logged(const std::vector<azure::Metric>& metrics) {
    std::string text;
    for (const auto& metric : scalars(metrics))
        text += fmt::format("{} {} {}\n", metric.name, metric.value, metric.step.value_or(0));
    return text;
}

}  // namespace

SilenceWatch::SilenceWatch(asio::any_io_executor loop,
                           workspace::AzureAccess& access,
                           RunWatcher& watcher,
                           async::Clock& clock,
                           Log log,
                           OfInterest of_interest)
    : access_(access),
      watcher_(watcher),
      clock_(clock),
      log_(log),
      of_interest_(std::move(of_interest)),
      tasks_(loop, [log](std::exception_ptr error) {
          log.error("watching for signs of life failed: {}", describe(error));
      }) {
    watcher_.subscribe([this](const std::vector<RunSnapshot>& changed) { take(changed); });
}

asio::awaitable<void> SilenceWatch::shut_down() {
    tasks_.request_stop();
    co_await tasks_.join();
}

void SilenceWatch::take(const std::vector<RunSnapshot>& changed) {
    const auto now = clock_.now();
    for (const auto& run : changed) {
        if (run.is_final()) {
            runs_.erase(run.job);
            continue;
        }
        const auto known = runs_.find(run.job);
        if (known != runs_.end()) {
            known->second.signs.see(run, now);
            judge(run.job, known->second);
        } else if (of_interest_(run)) {
            runs_.emplace(run.job, Entry{LifeSigns(run, now), run.experiment});
        }
    }
    if (!runs_.empty() && !std::exchange(watching_, true)) tasks_.spawn(watch(tasks_.stop_token()));
}

asio::awaitable<void> SilenceWatch::watch(std::stop_token stop) {
    while (!runs_.empty()) {
        co_await clock_.sleep_for(1min, stop);
        if (watcher_.paused()) continue;
        co_await look_at_some(stop);
        for (const auto& [job, entry] : runs_) judge(job, entry);
    }
    watching_ = false;
}

asio::awaitable<void> SilenceWatch::look_at_some(std::stop_token stop) {
    std::vector<azure::ResourceId> due;
    std::vector<azure::ResourceId> strangers;
    const auto now = clock_.now();
    for (const auto& [job, entry] : runs_) {
        if (entry.signs.wants_look(now)) due.push_back(job);
        const bool unusual = entry.signs.silence(now, {.waiting = 0ms, .running = 0ms}).has_value();
        if (unusual && !usual_.contains(experiment_key(job, entry))) strangers.push_back(job);
    }
    if (due.size() > most_looks) due.resize(most_looks);
    for (const auto& job : due) co_await look(job, stop);
    for (const auto& job : strangers) co_await learn_usual(job, stop);
}

asio::awaitable<void> SilenceWatch::look(azure::ResourceId job, std::stop_token stop) {
    try {
        const auto metrics = co_await last_rows(access_, job, stop);
        auto output = logged(metrics);
        LogFollower::Start at_end{.last = 1};
        LogFollower follower(access_, watcher_, clock_, job, std::move(at_end));
        const auto end = co_await follower.read_now(std::move(stop));
        if (end.next_offset > 0) output += fmt::format("{} {}", end.path, end.next_offset);
        const auto found = runs_.find(job);
        if (found != runs_.end()) found->second.signs.see_output(std::move(output), clock_.now());
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        log_.info("whether {} is at work could not be read: {}", job.name(), error.message());
    }
}

asio::awaitable<void> SilenceWatch::learn_usual(azure::ResourceId job, std::stop_token stop) {
    const auto found = runs_.find(job);
    if (found == runs_.end()) co_return;
    const auto key = experiment_key(job, found->second);
    const auto experiment = found->second.experiment;
    if (!usual_.try_emplace(key).second) co_return;
    try {
        auto* connection = co_await access_.connect(stop);
        const auto earlier = co_await list_runs_of(
            connection->client, job.workspace(), experiment, earlier_runs, std::move(stop));
        usual_[key] = usual_durations(earlier);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        usual_.erase(key);
        log_.info("how long runs of {} take could not be read: {}", experiment, error.message());
    }
}

void SilenceWatch::judge(const azure::ResourceId& job, const Entry& entry) {
    const auto usual = usual_.find(experiment_key(job, entry));
    const auto silence =
        entry.signs.silence(clock_.now(), usual == usual_.end() ? UsualDurations{} : usual->second);
    watcher_.note_silence(job, silence);
}

std::string SilenceWatch::experiment_key(const azure::ResourceId& job, const Entry& entry) const {
    return job.workspace().key() + " " + entry.experiment;
}

}  // namespace aml::runs
