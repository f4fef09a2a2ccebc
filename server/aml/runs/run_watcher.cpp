#include "runs/run_watcher.hpp"

#include "azure/json_fields.hpp"
#include "runs/run_watcher_state.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <utility>

namespace aml::runs {

namespace {

std::string run_key(const azure::ResourceId& job) {
    return job.key();
}

/// The endpoint is kept with a saved run: a state directory serves the emulator and Azure alike.
constexpr const char* endpoint_member = "armEndpoint";

}  // namespace

RunWatcher::RunWatcher(asio::any_io_executor loop,
                       workspace::AzureAccess& access,
                       async::Clock& clock,
                       Random& random,
                       workspace::SavedState& state,
                       Log log,
                       LiveMetrics live_metrics)
    : loop_(loop),
      access_(access),
      clock_(clock),
      random_(random),
      state_(state),
      log_(log),
      live_metrics_(live_metrics),
      saved_(loop),
      resumed_(loop),
      tasks_(loop, [log](std::exception_ptr error) {
          log.error("following runs failed: {}", describe(error));
      }) {
    saved_.set();
    resumed_.set();
}

RunWatcher::~RunWatcher() {
    *alive_ = false;
}

asio::awaitable<std::size_t> RunWatcher::resume_saved() {
    const auto entries = co_await state_.load(workspace::StateFile::WatchedRuns);
    std::size_t count = 0;
    for (const auto& [key, json] : entries) {
        if (azure::text(json, endpoint_member) != access_.settings().arm_endpoint) continue;
        auto snapshot = run_snapshot_from_json(json);
        if (!snapshot || find_entry(snapshot->job) != nullptr) continue;
        ++count;
        watch(std::move(*snapshot));
    }
    co_return count;
}

void RunWatcher::watch(RunSnapshot snapshot) {
    const auto workspace_id = snapshot.job.workspace();
    auto& slot = workspaces_[workspace_id];
    if (!slot) slot = std::make_unique<Workspace>(workspace_id);
    auto& workspace = *slot;
    const auto [found, added] = workspace.runs.try_emplace(run_key(snapshot.job), loop_);
    auto& entry = found->second;
    if (added) {
        entry.order = next_order_++;
    } else {
        // What is known of the state is newer than what the caller remembers.
        auto known = entry.snapshot;
        if (!snapshot.display_name.empty()) known.display_name = snapshot.display_name;
        if (!snapshot.experiment.empty()) known.experiment = snapshot.experiment;
        if (!snapshot.script.empty()) known.script = snapshot.script;
        if (!snapshot.studio_url.empty()) known.studio_url = snapshot.studio_url;
        if (known.metrics.empty()) known.metrics = std::move(snapshot.metrics);
        snapshot = std::move(known);
    }
    const bool news = publish(entry, std::move(snapshot));
    if (news && (!added || !entry.snapshot.is_final())) save(entry.snapshot);
    if (added && entry.snapshot.is_final()) entry.last_metrics = LastMetrics::Unread;
    if (entry.snapshot.is_final()) return;
    // Whoever starts a run is signed in again.
    if (paused_itself_) resume();
    if (added) {
        entry.due = clock_.now() + wait_before(entry, access_, random_);
        poll_by(workspace, entry.due);
    }
    start_poller(workspace_id);
}

void RunWatcher::ask_soon(const azure::ResourceId& job) {
    constexpr std::chrono::seconds shortest_gap{1};
    auto* entry = find_entry(job);
    if (entry == nullptr || entry->snapshot.is_final()) return;
    auto& workspace = *workspaces_.at(job.workspace());
    entry->schedule.restart();
    entry->due = std::min(entry->due, std::max(clock_.now(), workspace.last_asked + shortest_gap));
    poll_by(workspace, entry->due);
}

std::vector<RunSnapshot> RunWatcher::runs() const {
    std::vector<const Entry*> entries;
    for (const auto& [id, workspace] : workspaces_) {
        for (const auto& [key, entry] : workspace->runs) entries.push_back(&entry);
    }
    const auto newer = [](const Entry* left, const Entry* right) {
        const auto& a = left->snapshot.created_at;
        const auto& b = right->snapshot.created_at;
        if (a && b && *a != *b) return *a > *b;
        return left->order > right->order;
    };
    // A run without a time was started a moment ago and stays where its order puts it.
    std::stable_sort(entries.begin(), entries.end(), [](const Entry* left, const Entry* right) {
        return left->order > right->order;
    });
    const auto timed =
        std::stable_partition(entries.begin(), entries.end(), [](const Entry* entry) {
            return !entry->snapshot.created_at;
        });
    std::stable_sort(timed, entries.end(), newer);
    std::vector<RunSnapshot> result;
    for (const auto* entry : entries) result.push_back(entry->snapshot);
    return result;
}

std::optional<RunSnapshot> RunWatcher::find(const azure::ResourceId& job) const {
    const auto* entry = find_entry(job);
    if (entry == nullptr) return std::nullopt;
    return entry->snapshot;
}

std::uint64_t RunWatcher::subscribe(Listener listener) {
    listeners_[next_listener_] = std::move(listener);
    return next_listener_++;
}

void RunWatcher::unsubscribe(std::uint64_t subscription) {
    listeners_.erase(subscription);
}

void RunWatcher::forget_after(Told told) {
    told_ = std::move(told);
}

asio::awaitable<RunSnapshot> RunWatcher::wait_for_change(azure::ResourceId job,
                                                         std::uint64_t seen,
                                                         std::stop_token stop) {
    for (;;) {
        const auto* entry = find_entry(job);
        if (entry == nullptr) {
            throw Error(ErrorKind::NotFound, localize("The run {} is not followed.", job.name()));
        }
        if (entry->snapshot.revision > seen) co_return entry->snapshot;
        const auto changed = entry->changed;
        co_await changed->wait(stop);
    }
}

asio::awaitable<RunSnapshot> RunWatcher::wait_for_end(azure::ResourceId job, std::stop_token stop) {
    std::uint64_t seen = 0;
    for (bool ended = false; !ended;) {
        const auto run = co_await wait_for_change(job, seen, stop);
        seen = run.revision;
        ended = run.is_final();
    }
    for (;;) {
        const auto* entry = find_entry(job);
        if (entry->last_metrics == LastMetrics::Read) co_return entry->snapshot;
        if (entry->last_metrics == LastMetrics::Reading) {
            const auto changed = entry->changed;
            co_await changed->wait(stop);
        } else {
            co_await read_last_metrics(job, stop);
        }
    }
}

void RunWatcher::add_viewers(const azure::ResourceId& job, int change) {
    auto* entry = find_entry(job);
    if (entry == nullptr) return;
    entry->viewers += change;
    if (change > 0 && looked_) looked_(job);
    const bool viewed = entry->viewers > 0;
    entry->schedule.set_viewed(viewed);
    const auto latest = clock_.now() + WatchSchedule::longest_viewed;
    if (!viewed || entry->snapshot.is_final() || entry->due <= latest) return;
    entry->due = latest;
    poll_by(*workspaces_.at(job.workspace()), latest);
}

void RunWatcher::note_silence(const azure::ResourceId& job,
                              std::optional<std::chrono::minutes> silent_for) {
    auto* entry = find_entry(job);
    if (entry == nullptr || entry->snapshot.is_final()) return;
    auto next = entry->snapshot;
    next.silent_for = silent_for;
    publish(*entry, std::move(next));
}

void RunWatcher::pause() {
    paused_ = true;
    resumed_.reset();
    for (const auto& [id, workspace] : workspaces_) workspace->wake.request_stop();
}

void RunWatcher::resume() {
    if (!paused_) return;
    paused_ = false;
    paused_itself_ = false;
    for (const auto& [id, workspace] : workspaces_) {
        for (auto& [key, entry] : workspace->runs) {
            entry.schedule.restart();
            entry.due = clock_.now();
        }
        plan_poll(*workspace);
    }
    resumed_.set();
}

asio::awaitable<void> RunWatcher::shut_down() {
    tasks_.request_stop();
    co_await tasks_.join();
}

RunWatcher::Entry* RunWatcher::find_entry(const azure::ResourceId& job) {
    return const_cast<Entry*>(std::as_const(*this).find_entry(job));
}

const RunWatcher::Entry* RunWatcher::find_entry(const azure::ResourceId& job) const {
    const auto workspace = workspaces_.find(job.workspace());
    if (workspace == workspaces_.end()) return nullptr;
    const auto entry = workspace->second->runs.find(run_key(job));
    return entry == workspace->second->runs.end() ? nullptr : &entry->second;
}

bool RunWatcher::publish(Entry& entry, RunSnapshot next) {
    if (next.is_final()) next.silent_for.reset();
    if (entry.snapshot.revision > 0 && same_state(entry.snapshot, next)) return false;
    next.revision = entry.snapshot.revision + 1;
    entry.snapshot = std::move(next);
    wake_waiters(entry);
    if (undelivered_.empty()) {
        asio::post(loop_, [this, alive = alive_] {
            if (*alive) deliver();
        });
    }
    undelivered_.insert(entry.snapshot.job);
    return true;
}

void RunWatcher::wake_waiters(Entry& entry) {
    const auto changed = std::exchange(entry.changed, std::make_shared<async::Event>(loop_));
    changed->set();
}

void RunWatcher::deliver() {
    std::vector<RunSnapshot> changed;
    for (const auto& job : std::exchange(undelivered_, {})) {
        if (const auto* entry = find_entry(job)) changed.push_back(entry->snapshot);
    }
    // A listener may unsubscribe itself or others.
    for (const auto& [number, listener] : std::map(listeners_)) {
        if (listeners_.contains(number)) listener(changed);
    }
}

void RunWatcher::save(const RunSnapshot& snapshot) {
    if (snapshot.is_final()) {
        tasks_.spawn(forget(snapshot.job.key()));
        return;
    }
    auto entry = to_json(snapshot);
    entry[endpoint_member] = access_.settings().arm_endpoint;
    save(snapshot.job.key(), std::move(entry));
}

asio::awaitable<void> RunWatcher::forget(std::string job) {
    // The listeners have been called: a task starts after the delivery that was posted before it.
    if (told_) co_await told_(tasks_.stop_token());
    save(job, nullptr);
}

void RunWatcher::save(const std::string& job, nlohmann::json entry) {
    unsaved_[job] = std::move(entry);
    if (std::exchange(saving_, true)) return;
    saved_.reset();
    tasks_.spawn(write_unsaved());
}

asio::awaitable<void> RunWatcher::saved(std::stop_token stop) {
    co_await saved_.wait(std::move(stop));
}

asio::awaitable<void> RunWatcher::write_unsaved() {
    while (!unsaved_.empty()) {
        auto changes = std::exchange(unsaved_, {});
        co_await state_.remember_entries(workspace::StateFile::WatchedRuns, std::move(changes));
    }
    saving_ = false;
    saved_.set();
}

}  // namespace aml::runs
