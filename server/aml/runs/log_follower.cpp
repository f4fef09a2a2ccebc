#include "runs/merged_log.hpp"
#include "runs/run_log.hpp"
#include "runs/viewing.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <utility>

namespace aml::runs {

namespace {

constexpr std::chrono::milliseconds shortest_wait{1'000};
constexpr std::chrono::milliseconds longest_wait{5'000};
/// Reads of a final run's log that may fail in a row.
constexpr int most_failures = 5;

bool is_passing(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::Unavailable:
        case ErrorKind::TimedOut:
        case ErrorKind::Throttled:
        case ErrorKind::AzureFailed:
            return true;
        default:
            return false;
    }
}

}  // namespace

LogFollower::LogFollower(workspace::AzureAccess& access,
                         RunWatcher& watcher,
                         async::Clock& clock,
                         azure::ResourceId job,
                         Start start)
    : watcher_(watcher),
      clock_(clock),
      job_(std::move(job)),
      log_(access, clock, job_),
      path_(std::move(start.path)),
      chosen_by_user_(!path_.empty()),
      offset_(start.offset),
      last_(start.last),
      wait_(shortest_wait) {}

LogFollower::~LogFollower() = default;

RunState LogFollower::state() const {
    const auto snapshot = watcher_.find(job_);
    if (!snapshot)
        throw Error(ErrorKind::NotFound, localize("The run {} is not followed.", job_.name()));
    const auto& problem = snapshot->watch_problem;
    const bool hopeless = problem && !is_passing(problem->kind);
    if (hopeless) throw Error(problem->kind, problem->message);
    return snapshot->is_final() ? RunState::Final : RunState::GoingOn;
}

asio::awaitable<LogChunk> LogFollower::read_ranks(RunState run_state, std::stop_token stop) {
    // There is no reading on from a place in it: that is in no file.
    const bool begins_again = !merged_ && !last_ && offset_ > 0;
    if (!merged_) merged_ = std::make_unique<MergedLog>(log_, last_);
    auto chunk = co_await merged_->read(run_state, std::move(stop));
    chunk.restarted = begins_again;
    offset_ = chunk.next_offset;
    co_return chunk;
}

asio::awaitable<LogChunk> LogFollower::read_now(std::stop_token stop) {
    const auto run_state = state();
    if (path_ == all_ranks_log) co_return co_await read_ranks(run_state, std::move(stop));
    bool switched = false;
    if (!chosen_by_user_) {
        const auto files = co_await log_.files(run_state, stop);
        auto primary = primary_log(files);
        if (primary.empty()) {
            LogChunk nothing;
            nothing.at_end = true;
            nothing.complete = run_state == RunState::Final;
            nothing.files = files;
            co_return nothing;
        }
        if (primary != path_) {
            auto rest = co_await rest_of_log(files, run_state, stop);
            if (rest) co_return std::move(*rest);
            switched = !path_.empty();
            if (switched) offset_ = 0;
            at_start_ = true;
            drained_ = false;
            path_ = std::move(primary);
            // Another log begins with another state, unless that is known.
            const auto snapshot = watcher_.find(job_);
            if (snapshot && snapshot->phase() == RunPhase::Waiting) watcher_.ask_soon(job_);
        }
    }
    LogChunk chunk;
    if (last_ && at_start_) {
        chunk = co_await log_.read_end(path_, *last_, run_state, stop);
    } else {
        chunk = co_await log_.read(path_, offset_, run_state, stop);
    }
    at_start_ = chunk.next_offset == 0;
    chunk.restarted = chunk.restarted || switched;
    offset_ = chunk.next_offset;
    co_return chunk;
}

asio::awaitable<std::optional<LogChunk>> LogFollower::rest_of_log(std::vector<std::string> files,
                                                                  RunState run_state,
                                                                  std::stop_token stop) {
    if (drained_ || std::find(files.begin(), files.end(), path_) == files.end())
        co_return std::nullopt;
    auto rest = co_await log_.read(path_, offset_, run_state, std::move(stop));
    if (rest.text.empty()) co_return std::nullopt;
    drained_ = rest.at_end;
    // The better log follows.
    rest.at_end = false;
    rest.complete = false;
    offset_ = rest.next_offset;
    co_return rest;
}

void LogFollower::note_failure(const Error& error) {
    if (!is_passing(error.kind())) throw error;
    ++failures_;
    if (state() == RunState::Final && failures_ >= most_failures) throw error;
    if (error.details().retry_after) wait_ = std::max(wait_, *error.details().retry_after);
}

void LogFollower::schedule_next(const std::optional<LogChunk>& chunk) {
    const bool has_text = chunk && !chunk->text.empty();
    if (has_text) wait_ = shortest_wait;
    last_read_ = clock_.now();
    pause_ = has_text && !chunk->at_end ? std::chrono::milliseconds(0) : wait_;
    if (!has_text) wait_ = std::min(wait_ + wait_ / 2, longest_wait);
}

asio::awaitable<void> LogFollower::pause(std::stop_token stop) {
    const auto due =
        std::chrono::ceil<std::chrono::milliseconds>(last_read_ + pause_ - clock_.now());
    // A wall clock that was put back must not lengthen it.
    const auto left = std::min(due, pause_);
    if (left.count() > 0) co_await clock_.sleep_for(left, std::move(stop));
}

asio::awaitable<std::optional<LogChunk>> LogFollower::next(std::stop_token stop) {
    const Viewing viewing(watcher_, job_);
    while (!ended_) {
        co_await pause(stop);
        std::optional<Error> failure;
        std::optional<LogChunk> chunk;
        try {
            chunk = co_await read_now(stop);
        } catch (const Error& error) {
            failure = error;
        }
        if (failure) {
            note_failure(*failure);
        } else {
            failures_ = 0;
            ended_ = chunk->complete;
        }
        schedule_next(chunk);
        if (chunk && !chunk->text.empty()) co_return chunk;
    }
    co_return std::nullopt;
}

}  // namespace aml::runs
