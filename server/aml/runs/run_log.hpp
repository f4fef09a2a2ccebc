#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "azure/blobs.hpp"
#include "azure/resource_id.hpp"
#include "runs/log_files.hpp"
#include "runs/run_watcher.hpp"
#include "support/secret.hpp"
#include "workspace/azure_access.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::runs {

/// A piece of a log.
struct LogChunk {
    /// Which file it is of; empty while the run has none.
    std::string path{};
    /// New text, whole characters; line ends as the script wrote them.
    std::string text{};
    /// Byte offset in the file of `text`.
    std::uint64_t offset = 0;
    /// Byte offset in the file after `text`: where the next read starts.
    std::uint64_t next_offset = 0;
    /// `text` starts again from the file's beginning: the file was replaced (retry, preemption), or
    /// it is another file than before.
    bool restarted = false;
    /// The file held no more when it was read.
    bool at_end = false;
    /// Nothing will follow: the run is final and the file was read to its end after that.
    bool complete = false;
    /// Every log file the run has now, ordered for display.
    std::vector<std::string> files{};
};

/// Whether a run was final before a read; decides whether the read may be the last one.
enum class RunState { GoingOn, Final };

/// Reads the logs of one run by byte range: only new bytes cross the wire. Addresses are renewed
/// when they expire and never leave this class. Lives on the loop.
class RunLog final {
public:
    /// Keeps `access` and `clock` by reference.
    RunLog(workspace::AzureAccess& access, async::Clock& clock, azure::ResourceId job);

    /// The files there are now, ordered for display; from memory while that is fresh.
    /// Throws: NotFound (no such run), Forbidden, Unavailable, …
    asio::awaitable<std::vector<std::string>> files(RunState state, std::stop_token stop);

    /// The files of the last answer, ordered for display; nothing is asked.
    std::vector<std::string> known_files() const;

    /// What stands in `path` from `offset` on, at most 4 MiB. Does not wait for more. A file that
    /// does not exist yet is an empty chunk. Throws: NotFound (no such run, or the run is final and
    /// has no such file), Forbidden, Unavailable, …
    asio::awaitable<LogChunk> read(std::string path,
                                   std::uint64_t offset,
                                   RunState state,
                                   std::stop_token stop);

    /// The end of `path`: at most `last` bytes (and 4 MiB), from the start of a line unless that is
    /// longer. Else as `read`.
    asio::awaitable<LogChunk> read_end(std::string path,
                                       std::uint64_t last,
                                       RunState state,
                                       std::stop_token stop);

    /// Bytes of `path` from `offset` on, at most `limit`, as they are; what is asked for at the
    /// same time is read at the same time. Else as `read`.
    asio::awaitable<azure::BlobRange> read_piece(std::string path,
                                                 std::uint64_t offset,
                                                 std::uint64_t limit,
                                                 RunState state,
                                                 std::stop_token stop);

private:
    /// Whether there is such a file by now; throws when there never will be.
    asio::awaitable<bool> look_for(std::string path, RunState state, std::stop_token stop);
    LogChunk chunk_of(std::string path,
                      std::uint64_t offset,
                      const azure::BlobRange& range,
                      RunState state) const;
    bool is_fresh(RunState state) const;
    bool has_script_output() const;
    asio::awaitable<void> refresh(RunState state, std::stop_token stop);
    asio::awaitable<azure::BlobRange> read_bytes(std::string path,
                                                 std::uint64_t offset,
                                                 std::uint64_t limit,
                                                 RunState state,
                                                 std::stop_token stop);

    workspace::AzureAccess& access_;
    async::Clock& clock_;
    azure::ResourceId job_;
    std::map<std::string, Secret> addresses_;
    std::optional<async::Clock::TimePoint> refreshed_at_;
    RunState refreshed_in_ = RunState::GoingOn;
};

class MergedLog;

/// Follows one log to the end of the run, for `runs/log` and `aml logs --follow`: call `next` until
/// it gives nothing.
class LogFollower final {
public:
    /// Where to begin.
    struct Start {
        /// A file, `all_ranks_log`, or empty: the primary log, as soon as there is one. A better
        /// one that appears later (the script's own output after the image build) is then switched
        /// to.
        std::string path{};
        std::uint64_t offset = 0;
        /// Instead of at `offset`, in each file: so many bytes before its end.
        std::optional<std::uint64_t> last{};
    };

    /// The run must be followed by `watcher`. Keeps everything but `job` and `start` by reference.
    LogFollower(workspace::AzureAccess& access,
                RunWatcher& watcher,
                async::Clock& clock,
                azure::ResourceId job,
                Start start);
    LogFollower(const LogFollower&) = delete;
    LogFollower& operator=(const LogFollower&) = delete;
    ~LogFollower();

    /// The next piece with text in it; absent after the last one. Waits while the run is going on,
    /// a failed read is tried again; meanwhile the run's state is asked for more often. Throws:
    /// NotFound (no such run or file), NotSignedIn, Forbidden, Cancelled; Unavailable when a final
    /// run's log cannot be read.
    asio::awaitable<std::optional<LogChunk>> next(std::stop_token stop);

    /// What is there now, without waiting; the text may be empty. Throws: as `RunLog::read`.
    asio::awaitable<LogChunk> read_now(std::stop_token stop);

    const std::string& path() const { return path_; }

    std::uint64_t offset() const { return offset_; }

    /// The files known at the last read, ordered for display.
    std::vector<std::string> files() const { return log_.known_files(); }

private:
    RunState state() const;
    void note_failure(const Error& error);
    asio::awaitable<void> pause(std::stop_token stop);
    void schedule_next(const std::optional<LogChunk>& chunk);
    asio::awaitable<LogChunk> read_ranks(RunState run_state, std::stop_token stop);
    /// What came into the log that was read so far before a better one appeared; absent when
    /// nothing did.
    asio::awaitable<std::optional<LogChunk>> rest_of_log(std::vector<std::string> files,
                                                         RunState run_state,
                                                         std::stop_token stop);

    RunWatcher& watcher_;
    async::Clock& clock_;
    azure::ResourceId job_;
    RunLog log_;
    /// Where `path_` is `all_ranks_log`, once it was read.
    std::unique_ptr<MergedLog> merged_;
    std::string path_;
    bool chosen_by_user_;
    std::uint64_t offset_ = 0;
    std::optional<std::uint64_t> last_;
    /// Nothing of the file was read.
    bool at_start_ = true;
    /// The log was read to its end after a better one had appeared.
    bool drained_ = false;
    std::chrono::milliseconds wait_;
    /// Reading before this much has passed since the last read would find nothing.
    std::chrono::milliseconds pause_{0};
    async::Clock::TimePoint last_read_{};
    int failures_ = 0;
    bool ended_ = false;
};

}  // namespace aml::runs
