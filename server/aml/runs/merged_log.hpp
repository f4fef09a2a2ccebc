#pragma once

#include "async/asio.hpp"
#include "runs/line_time.hpp"
#include "runs/run_log.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::runs {

/// The logs of the processes of a run as one, `all_ranks_log`: lines stand in the order of their
/// times, each behind the name of its process. A line without a time follows the one before it of
/// its process. Of what was written meanwhile a later read makes the order anew, so a line that
/// comes late stands below others of its time.
class MergedLog final {
public:
    /// Keeps `log` by reference. `last`: of each file only the end, so many bytes in all.
    explicit MergedLog(RunLog& log, std::optional<std::uint64_t> last = std::nullopt);

    /// What there is now after what was read, some megabytes at most. Does not wait for more.
    /// Offsets count the bytes of this log, and those of the files that were left out. Throws: as
    /// `RunLog::read`; NotFound when the run is over and has no such logs.
    asio::awaitable<LogChunk> read(RunState state, std::stop_token stop);

    /// Where the next read starts.
    std::uint64_t offset() const { return offset_; }

private:
    /// One process's log.
    struct Rank {
        std::string label{};
        std::string path{};
        std::uint64_t offset = 0;
        /// What was read and not yet told.
        std::string pending{};
        /// How much of that was told.
        std::size_t told = 0;
        /// Size of the line that comes next, without its end; absent until all of it was read.
        std::optional<std::size_t> line{};
        std::optional<LineTime> time{};
        /// It held no more when it was read.
        bool is_drained = false;
        bool is_begun = false;
    };

    asio::awaitable<void> find_ranks(RunState state, std::stop_token stop);
    /// Reads more of those that have no whole line.
    asio::awaitable<void> fill(RunState state, std::stop_token stop);
    asio::awaitable<void> fill_one(Rank& rank, RunState state, std::stop_token stop);
    void find_line(Rank& rank, RunState state);
    bool are_drained() const;
    /// The one whose line comes next; null when none has a line.
    Rank* next_rank();
    void tell(Rank& rank, std::string& text);

    RunLog& log_;
    std::optional<std::uint64_t> last_;
    std::vector<Rank> ranks_;
    std::size_t label_width_ = 0;
    /// Of the last time that has one.
    int year_ = 1970;
    std::uint64_t offset_ = 0;
};

}  // namespace aml::runs
