// The part of RunWatcher that asks Azure.
#include "async/linked_stop.hpp"
#include "azure/errors.hpp"
#include "azure/jobs.hpp"
#include "azure/run_history.hpp"
#include "runs/run_metrics.hpp"
#include "runs/run_reader.hpp"
#include "runs/run_watcher_state.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace aml::runs {

namespace {

/// After so many answers without it, a run is looked for among the jobs: a new run takes a moment
/// to appear in run history.
constexpr int missing_limit = 3;

}  // namespace

void RunWatcher::start_poller(const azure::ResourceId& workspace) {
    auto& slot = *workspaces_.at(workspace);
    if (slot.polling) return;
    slot.polling = true;
    tasks_.spawn(poll(workspace));
}

void RunWatcher::poll_by(Workspace& workspace, async::Clock::TimePoint due) {
    if (workspace.polling && workspace.due <= due && workspace.due > workspace.last_asked) return;
    workspace.due = due;
    workspace.wake.request_stop();
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
        std::optional<Error> failure;
        workspace.changed = false;
        try {
            co_await ask(workspace_id, stop);
        } catch (const Error& error) {
            if (stop.stop_requested()) throw;
            failure = error;
        }
        schedule_next(workspace, failure);
    }
    workspace.polling = false;
}

void RunWatcher::schedule_next(Workspace& workspace, const std::optional<Error>& failure) {
    auto& schedule = workspace.schedule;
    if (failure) {
        apply_failure(workspace, *failure);
        schedule.failed(failure->details().retry_after);
    } else if (workspace.changed) {
        schedule.restart();
    } else {
        schedule.unchanged();
    }
    const bool idle =
        std::all_of(workspace.runs.begin(), workspace.runs.end(), [](const auto& run) {
            const auto phase = run.second.snapshot.phase();
            return phase == RunPhase::Unknown || phase == RunPhase::Final;
        });
    schedule.set_idle(idle);
    workspace.due = clock_.now() + schedule.next_wait(random_);
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
    workspace.last_asked = clock_.now();
    std::vector<std::string> ids;
    for (const auto& [key, entry] : workspace.runs) {
        if (!entry.snapshot.is_final()) ids.push_back(entry.snapshot.job.name());
    }
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    const auto plane = co_await client.data_plane(workspace_id, stop);
    azure::run_history::TakeRuns take = [&](const auto& asked, const auto& found) {
        apply(workspace, asked, found);
    };
    co_await azure::run_history::batch_run_data(
        client, plane, std::move(ids), std::move(take), stop);
    co_await look_up_missing(workspace_id, stop);
    co_await read_metrics(workspace_id, stop);
}

asio::awaitable<void> RunWatcher::read_metrics(azure::ResourceId workspace_id,
                                               std::stop_token stop) {
    std::vector<azure::ResourceId> wanted;
    for (auto& [key, entry] : workspaces_.at(workspace_id)->runs) {
        const bool ended = entry.snapshot.is_final() && !entry.has_last_metrics;
        const bool looked_at = entry.snapshot.phase() == RunPhase::Active && entry.viewers > 0;
        if (ended || looked_at) wanted.push_back(entry.snapshot.job);
        if (ended) entry.has_last_metrics = true;
    }
    for (const auto& job : wanted) {
        try {
            auto metrics = co_await last_metrics(access_, job, stop);
            auto* entry = find_entry(job);
            auto next = entry->snapshot;
            next.metrics = std::move(metrics);
            publish(*entry, std::move(next));
        } catch (const Error& error) {
            if (stop.stop_requested()) throw;
            log_.info("the metrics of {} could not be read: {}", job.name(), error.message());
        }
    }
}

void RunWatcher::apply(Workspace& workspace,
                       const std::vector<std::string>& asked,
                       const std::vector<azure::Run>& found) {
    std::set<std::string> seen;
    for (const auto& run : found) {
        auto* entry = find_entry(workspace.id.child("jobs", run.run_id));
        if (entry == nullptr || entry->snapshot.is_final()) continue;
        seen.insert(entry->snapshot.job.key());
        entry->missing = 0;
        if (run.revision < entry->azure_revision) continue;
        entry->azure_revision = run.revision;
        const auto status_before = entry->snapshot.status;
        if (publish(*entry, merged(entry->snapshot, run))) workspace.changed = true;
        if (entry->snapshot.status != status_before) {
            log_.info("run {} is {}", entry->snapshot.job.name(), entry->snapshot.status);
            save(entry->snapshot);
        }
    }
    for (const auto& id : asked) {
        auto* entry = find_entry(workspace.id.child("jobs", id));
        if (entry != nullptr && !seen.contains(entry->snapshot.job.key())) ++entry->missing;
    }
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
    }
    // Asking again would ask the user to sign in, at a moment that is not theirs.
    if (error.kind() == ErrorKind::NotSignedIn) {
        pause();
        paused_itself_ = true;
    }
}

}  // namespace aml::runs
