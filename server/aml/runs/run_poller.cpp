// The part of RunWatcher that asks Azure.
#include "async/linked_stop.hpp"
#include "async/task_group.hpp"
#include "azure/errors.hpp"
#include "azure/jobs.hpp"
#include "azure/json_fields.hpp"
#include "azure/run_history.hpp"
#include "runs/run_metrics.hpp"
#include "runs/run_reader.hpp"
#include "runs/run_watcher_state.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

namespace aml::runs {

namespace {

/// After so many answers without it, a run is looked for among the jobs: a new run takes a moment
/// to appear in run history.
constexpr int missing_limit = 3;
constexpr std::size_t most_metrics_calls = 4;
/// What another process has heard is of no use after that.
constexpr std::chrono::milliseconds oldest_news = WatchSchedule::longest;
/// Between two looks for the metrics of a run that goes on, while nothing new is logged.
constexpr std::chrono::milliseconds shortest_metrics_wait{10'000};
constexpr std::chrono::milliseconds longest_metrics_wait{60'000};

std::string heard_key(const workspace::AzureAccess& access, const azure::ResourceId& workspace) {
    return access.settings().arm_endpoint + " " + workspace.key();
}

std::size_t calls_for(std::size_t runs) {
    return (runs + azure::run_history::batch_size - 1) / azure::run_history::batch_size;
}

}  // namespace

void RunWatcher::start_poller(const azure::ResourceId& workspace) {
    auto& slot = *workspaces_.at(workspace);
    if (slot.polling) return;
    slot.polling = true;
    tasks_.spawn(poll(workspace));
}

void RunWatcher::poll_by(Workspace& workspace, async::Clock::TimePoint due) {
    if (workspace.due <= due) return;
    workspace.due = due;
    workspace.wake.request_stop();
}

void RunWatcher::plan_poll(Workspace& workspace) {
    auto first = async::Clock::TimePoint::max();
    for (const auto& [key, entry] : workspace.runs) {
        if (!entry.snapshot.is_final()) first = std::min(first, entry.due);
    }
    workspace.due = first;
    workspace.wake.request_stop();
}

// Those that are due, then those that are due next, as long as there is room in the last call; none
// when none is due.
std::vector<std::string> RunWatcher::due_runs(Workspace& workspace) {
    std::vector<Entry*> entries;
    for (auto& [key, entry] : workspace.runs) {
        if (!entry.snapshot.is_final()) entries.push_back(&entry);
    }
    std::stable_sort(entries.begin(), entries.end(), [](const Entry* left, const Entry* right) {
        return left->due < right->due;
    });
    const auto now = clock_.now();
    const auto is_due = [now](const Entry* entry) { return entry->due <= now; };
    const auto due = std::partition_point(entries.begin(), entries.end(), is_due);
    const auto calls = calls_for(static_cast<std::size_t>(due - entries.begin()));
    const auto calls_for_all = calls_for(entries.size());
    std::vector<std::string> ids;
    for (auto* entry : entries) {
        entry->schedule.set_calls(calls_for_all);
        if (ids.size() < calls * azure::run_history::batch_size)
            ids.push_back(entry->snapshot.job.name());
    }
    return ids;
}

asio::awaitable<void> RunWatcher::poll(azure::ResourceId workspace_id) {
    const auto stop = tasks_.stop_token();
    auto& workspace = *workspaces_.at(workspace_id);
    const auto active = [&workspace] {
        return std::any_of(workspace.runs.begin(), workspace.runs.end(), [](const auto& run) {
            return !run.second.snapshot.is_final();
        });
    };
    while (active()) {
        co_await wait_until_due(workspace_id, stop);
        try {
            co_await ask(workspace_id, stop);
        } catch (const Error& error) {
            if (stop.stop_requested()) throw;
            apply_failure(workspace, error);
        }
        plan_poll(workspace);
    }
    workspace.polling = false;
}

asio::awaitable<void> RunWatcher::wait_until_due(azure::ResourceId workspace_id,
                                                 std::stop_token stop) {
    auto& workspace = *workspaces_.at(workspace_id);
    while (paused_ || clock_.now() < workspace.due) {
        if (paused_) {
            co_await resumed_.wait(stop);
            continue;
        }
        workspace.wake = std::stop_source();
        const async::LinkedStop woken(stop, workspace.wake.get_token());
        try {
            co_await clock_.sleep_until(workspace.due, woken.token());
        } catch (const Error&) {
            // Woken: either for good, or because `due` or `paused_` has changed.
            if (stop.stop_requested()) throw;
        }
    }
}

asio::awaitable<void> RunWatcher::ask(azure::ResourceId workspace_id, std::stop_token stop) {
    auto& workspace = *workspaces_.at(workspace_id);
    co_await hear_others(workspace_id);
    const auto now = clock_.now();
    auto ids = due_runs(workspace);
    if (ids.empty()) co_return;
    workspace.last_asked = now;
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    const auto plane = co_await client.data_plane(workspace_id, stop);
    std::vector<azure::Run> heard;
    azure::run_history::TakeRuns take = [&](const auto& asked, const auto& found) {
        apply(workspace, asked, found, now);
        heard.insert(heard.end(), found.begin(), found.end());
    };
    co_await azure::run_history::batch_run_data(
        client, plane, std::move(ids), std::move(take), stop);
    co_await tell_others(workspace_id, std::move(heard));
    co_await look_up_missing(workspace_id, stop);
    co_await read_metrics(workspace_id, stop);
}

asio::awaitable<void> RunWatcher::hear_others(azure::ResourceId workspace_id) {
    const auto entries = co_await state_.recall(workspace::StateFile::HeardOfRuns);
    const auto entry = entries.find(heard_key(access_, workspace_id));
    if (entry == entries.end()) co_return;
    const auto at = azure::time(entry->second, "at");
    auto& workspace = *workspaces_.at(workspace_id);
    const auto now = clock_.now();
    if (!at || *at > now || now - *at > oldest_news) co_return;
    std::vector<std::string> news;
    std::vector<azure::Run> found;
    for (const auto& item : azure::member(entry->second, {"runs"})) {
        auto run = azure::run_from_json(item);
        const auto* known = find_entry(workspace_id.child("jobs", run.run_id));
        if (known == nullptr || known->heard_at >= *at) continue;
        news.push_back(run.run_id);
        found.push_back(std::move(run));
    }
    apply(workspace, news, found, *at);
}

asio::awaitable<void> RunWatcher::tell_others(azure::ResourceId workspace_id,
                                              std::vector<azure::Run> found) {
    if (answers_itself(access_)) co_return;
    // More would cost more than the calls that it saves.
    if (found.empty() || found.size() > azure::run_history::batch_size) co_return;
    nlohmann::json entry = {{"at", azure::format_time(clock_.now())}};
    for (const auto& run : found) entry["runs"].push_back(azure::run_to_json(run));
    state::Entries entries{{heard_key(access_, workspace_id), std::move(entry)}};
    co_await state_.remember_entries(workspace::StateFile::HeardOfRuns, std::move(entries));
}

asio::awaitable<void> RunWatcher::read_metrics(azure::ResourceId workspace_id,
                                               std::stop_token stop) {
    std::vector<azure::ResourceId> ended;
    std::vector<azure::ResourceId> viewed;
    const auto now = clock_.now();
    for (const auto& [key, entry] : workspaces_.at(workspace_id)->runs) {
        const auto& run = entry.snapshot;
        if (run.is_final()) {
            if (entry.last_metrics == LastMetrics::Wanted) ended.push_back(run.job);
        } else if (live_metrics_ == LiveMetrics::Read && run.phase() == RunPhase::Active &&
                   entry.viewers > 0 && entry.metrics_due <= now) {
            viewed.push_back(run.job);
        }
    }
    std::function<asio::awaitable<void>(std::size_t, std::stop_token)> step =
        [&](std::size_t index, std::stop_token token) {
            return read_last_metrics(ended[index], std::move(token));
        };
    co_await async::for_each_parallel(ended.size(), most_metrics_calls, std::move(step), stop);
    for (const auto& job : viewed) {
        const auto before = find_entry(job)->snapshot.revision;
        co_await read_metrics_of(job, stop);
        auto& entry = *find_entry(job);
        const bool changed = entry.snapshot.revision != before;
        const auto longer =
            std::clamp(entry.metrics_wait * 2, shortest_metrics_wait, longest_metrics_wait);
        entry.metrics_wait = changed ? std::chrono::milliseconds(0) : longer;
        entry.metrics_due = clock_.now() + entry.metrics_wait;
    }
}

asio::awaitable<void> RunWatcher::read_last_metrics(azure::ResourceId job, std::stop_token stop) {
    const auto state = find_entry(job)->last_metrics;
    if (state == LastMetrics::Reading || state == LastMetrics::Read) co_return;
    find_entry(job)->last_metrics = LastMetrics::Reading;
    std::exception_ptr called_off;
    try {
        co_await read_metrics_of(job, std::move(stop));
    } catch (...) {
        called_off = std::current_exception();
    }
    auto& entry = *find_entry(job);
    // Whoever waits for them tries again when this attempt was called off.
    entry.last_metrics = called_off ? LastMetrics::Wanted : LastMetrics::Read;
    wake_waiters(entry);
    if (called_off) std::rethrow_exception(called_off);
}

asio::awaitable<void> RunWatcher::read_metrics_of(azure::ResourceId job, std::stop_token stop) {
    try {
        auto metrics = co_await last_metrics(access_, job, stop);
        auto& entry = *find_entry(job);
        auto next = entry.snapshot;
        next.metrics = std::move(metrics);
        publish(entry, std::move(next));
    } catch (const Error& error) {
        if (stop.stop_requested()) throw;
        log_.info("the metrics of {} could not be read: {}", job.name(), error.message());
    }
}

void RunWatcher::apply(Workspace& workspace,
                       const std::vector<std::string>& asked,
                       const std::vector<azure::Run>& found,
                       async::Clock::TimePoint heard_at) {
    std::map<std::string, const azure::Run*> answers;
    for (const auto& run : found) answers[lower(run.run_id)] = &run;
    for (const auto& id : asked) {
        auto* entry = find_entry(workspace.id.child("jobs", id));
        if (entry == nullptr || entry->snapshot.is_final()) continue;
        const auto answer = answers.find(lower(id));
        entry->heard_at = heard_at;
        bool changed = false;
        if (answer == answers.end()) {
            ++entry->missing;
        } else {
            changed = apply_run(*entry, *answer->second);
        }
        auto& schedule = entry->schedule;
        if (changed) {
            schedule.restart();
        } else {
            schedule.unchanged();
        }
        schedule.set_idle(entry->snapshot.phase() == RunPhase::Unknown);
        entry->due = heard_at + wait_before(*entry, access_, random_);
    }
}

bool RunWatcher::apply_run(Entry& entry, const azure::Run& run) {
    entry.missing = 0;
    if (run.revision < entry.azure_revision) return false;
    entry.azure_revision = run.revision;
    const auto status_before = entry.snapshot.status;
    const bool changed = publish(entry, merged(entry.snapshot, run));
    if (entry.snapshot.status != status_before) {
        log_.info("run {} is {}", entry.snapshot.job.name(), entry.snapshot.status);
        save(entry.snapshot);
    }
    return changed;
}

asio::awaitable<void> RunWatcher::look_up_missing(azure::ResourceId workspace_id,
                                                  std::stop_token stop) {
    std::vector<azure::ResourceId> lost;
    for (const auto& [key, entry] : workspaces_.at(workspace_id)->runs) {
        const bool due = entry.missing > 0 && entry.missing % missing_limit == 0;
        if (due && !entry.snapshot.is_final()) lost.push_back(entry.snapshot.job);
    }
    auto& client = access_.connection()->client;
    for (const auto& job_id : lost) {
        const auto job = co_await azure::jobs::find(client, workspace_id, job_id.name(), stop);
        if (auto* entry = find_entry(job_id)) apply_job(*entry, job);
    }
}

void RunWatcher::apply_job(Entry& entry, const std::optional<azure::Job>& job) {
    auto next = entry.snapshot;
    if (job) {
        next = merged(std::move(next), *job);
    } else {
        next.status = "NotFound";
        next.watch_problem =
            WatchProblem{ErrorKind::NotFound,
                         localize("Azure ML has no such run any more: it may have been deleted.")};
    }
    if (publish(entry, std::move(next))) save(entry.snapshot);
}

void RunWatcher::apply_failure(Workspace& workspace, const Error& error) {
    log_.error("the state of {} could not be read: {}", workspace.id.name(), error.message());
    for (auto& [key, entry] : workspace.runs) {
        if (entry.snapshot.is_final()) continue;
        auto next = entry.snapshot;
        next.watch_problem = WatchProblem{error.kind(), error.message()};
        publish(entry, std::move(next));
        entry.schedule.failed(error.details().retry_after);
        entry.due = clock_.now() + wait_before(entry, access_, random_);
    }
    // Asking again would ask the user to sign in, at a moment that is not theirs.
    if (error.kind() == ErrorKind::NotSignedIn) {
        pause();
        paused_itself_ = true;
    }
}

}  // namespace aml::runs
