#include "workspace/saved_state.hpp"

#include "async/run_blocking.hpp"
#include "platform/environment.hpp"
#include "platform/path.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"

#include <utility>

namespace aml::workspace {
namespace {

state::Store store(const std::filesystem::path& directory, StateFile file) {
    switch (file) {
        case StateFile::LastRuns:
            return {directory, "last-runs"};
        case StateFile::WatchedRuns:
            return {directory, "watched-runs"};
        case StateFile::TreeCache:
            return {directory, "tree"};
        case StateFile::Known:
            return {directory, "known"};
        case StateFile::Choices:
            return {directory, "choices"};
        case StateFile::Uploads:
            return {directory, "uploads"};
        case StateFile::Origins:
            return {directory, "origins"};
        case StateFile::Subscriptions:
            return {directory, "subscriptions"};
        case StateFile::ToldRuns:
            return {directory, "told-runs"};
        case StateFile::HeardOfRuns:
            return {directory, "heard-of-runs"};
        case StateFile::Arrangements:
            return {directory, "arrangements"};
        case StateFile::Stars:
            return {directory, "stars"};
        case StateFile::Snapshots:
            break;
    }
    return {directory, "snapshots"};
}

}  // namespace

SavedState::SavedState(std::filesystem::path directory,
                       asio::thread_pool& pool,
                       Log log,
                       Notify notify)
    : directory_(std::move(directory)),
      pool_(pool),
      log_(std::move(log)),
      notify_(std::move(notify)) {}

std::filesystem::path SavedState::default_directory() {
    const auto home = platform::state_home();
    if (!home.empty()) return home / "aml";
    throw Error(ErrorKind::Rejected,
                localize("There is no folder for saved state: set HOME or XDG_STATE_HOME to an "
                         "absolute path."));
}

asio::awaitable<state::Entries> SavedState::load(StateFile file) {
    auto work = [from = store(directory_, file)] { return from.load(); };
    auto loaded = co_await async::run_blocking(pool_, std::move(work));
    report(loaded.notice);
    co_return std::move(loaded.entries);
}

asio::awaitable<state::Entries> SavedState::recall(StateFile file) {
    try {
        co_return co_await load(file);
    } catch (const Error& error) {
        log_.error("{}", error.message());
    }
    co_return state::Entries();
}

asio::awaitable<void> SavedState::update(StateFile file,
                                         std::function<void(state::Entries&)> change) {
    auto work = [into = store(directory_, file), change = std::move(change)] {
        return into.update(change);
    };
    const auto notice = co_await async::run_blocking(pool_, std::move(work));
    report(notice);
}

asio::awaitable<void> SavedState::remember(StateFile file,
                                           std::function<void(state::Entries&)> change) {
    Work work = [change = std::move(change)](const state::Store& into) {
        return into.update(change);
    };
    return attempt(file, std::move(work));
}

asio::awaitable<void> SavedState::remember_entries(StateFile file, state::Entries entries) {
    Work work = [entries = std::move(entries)](const state::Store& into) {
        return into.put(entries);
    };
    return attempt(file, std::move(work));
}

asio::awaitable<void> SavedState::attempt(StateFile file, Work work) {
    auto on_pool = [into = store(directory_, file), work = std::move(work)] { return work(into); };
    try {
        const auto notice = co_await async::run_blocking(pool_, std::move(on_pool));
        report(notice);
        failure_reported_ = false;
    } catch (const Error& error) {
        log_.error("{}", error.message());
        if (!std::exchange(failure_reported_, true) && notify_) notify_(error.message());
    }
}

asio::awaitable<std::optional<state::LastRun>> SavedState::last_run(std::filesystem::path file) {
    const auto entries = co_await load(StateFile::LastRuns);
    const auto key = platform::path_key(file);
    const auto found = entries.find(key);
    if (found != entries.end()) co_return state::last_run_from_json(found->second);
    for (const auto& [script, entry] : entries) {
        auto run = state::last_run_from_json(entry);
        if (run && platform::path_key(run->configuration) == key) co_return run;
    }
    co_return std::nullopt;
}

asio::awaitable<std::optional<std::string>> SavedState::origin_of(
    std::filesystem::path configuration) {
    const auto origins = co_await recall(StateFile::Origins);
    const auto found = origins.find(platform::path_key(configuration));
    co_return found == origins.end() ? std::nullopt : text_member(found->second, "run");
}

asio::awaitable<void> SavedState::remember_origin(std::filesystem::path configuration,
                                                  std::string run) {
    state::Entries entries;
    entries[platform::path_key(configuration)] = {{"run", std::move(run)}};
    co_await remember_entries(StateFile::Origins, std::move(entries));
}

asio::awaitable<std::vector<std::filesystem::path>> SavedState::repeatable_scripts() {
    const auto entries = co_await load(StateFile::LastRuns);
    std::vector<std::filesystem::path> scripts;
    for (const auto& [key, value] : entries) {
        if (auto run = state::last_run_from_json(value)) scripts.push_back(std::move(run->script));
    }
    co_return scripts;
}

void SavedState::report(const std::optional<std::string>& notice) {
    if (!notice) return;
    log_.error("{}", *notice);
    if (notify_) notify_(*notice);
}

}  // namespace aml::workspace
