#include "runs/merged_log.hpp"

#include "async/task_group.hpp"
#include "runs/log_files.hpp"
#include "runs/traceback_lines.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace aml::runs {
namespace {

/// Of one process's log at a time.
constexpr std::uint64_t read_of_rank = 1U << 20U;
constexpr std::size_t most_text = 4U << 20U;
constexpr std::size_t ranks_at_once = 8;
/// A line that goes on beyond is told in parts.
constexpr std::size_t longest_rank_line = 1U << 20U;
/// Of a line, where its time stands.
constexpr std::size_t longest_beginning = 256;
constexpr std::string_view plain_again = "\x1B[0m";

}  // namespace

MergedLog::MergedLog(RunLog& log, std::optional<std::uint64_t> last)
    : log_(log),
      last_(last) {}

asio::awaitable<LogChunk> MergedLog::read(RunState state, std::stop_token stop) {
    LogChunk chunk{.path = std::string(all_ranks_log)};
    co_await find_ranks(state, stop);
    for (auto& rank : ranks_) rank.is_drained = false;
    co_await fill(state, stop);
    chunk.offset = offset_;
    auto* next = next_rank();
    while (next != nullptr && chunk.text.size() < most_text) {
        tell(*next, chunk.text);
        find_line(*next, state);
        const bool is_more_needed = !next->line && !next->is_drained;
        next = next_rank();
        if (!is_more_needed) continue;
        try {
            co_await fill(state, stop);
        } catch (const Error&) {
            // What was told is not told again; the next read fails in the same way.
            break;
        }
        next = next_rank();
    }
    offset_ += chunk.text.size();
    chunk.next_offset = offset_;
    chunk.at_end = next == nullptr && are_drained();
    chunk.complete = chunk.at_end && state == RunState::Final;
    chunk.files = log_.known_files();
    co_return chunk;
}

bool MergedLog::are_drained() const {
    return std::all_of(
        ranks_.begin(), ranks_.end(), [](const Rank& rank) { return rank.is_drained; });
}

asio::awaitable<void> MergedLog::find_ranks(RunState state, std::stop_token stop) {
    auto files = co_await log_.files(state, std::move(stop));
    for (auto& [label, path] : rank_logs(files)) {
        const auto is_it = [&path](const Rank& rank) { return rank.path == path; };
        if (std::any_of(ranks_.begin(), ranks_.end(), is_it)) continue;
        label_width_ = std::max(label_width_, label.size());
        ranks_.push_back({.label = std::move(label), .path = std::move(path)});
    }
    if (ranks_.empty() && state == RunState::Final)
        throw Error(ErrorKind::NotFound, localize("The run has no logs of its processes."));
}

asio::awaitable<void> MergedLog::fill(RunState state, std::stop_token stop) {
    std::vector<Rank*> wanting;
    for (auto& rank : ranks_) {
        if (!rank.line && !rank.is_drained) wanting.push_back(&rank);
    }
    const auto fill_some = [this, &wanting, state](std::size_t i, std::stop_token end) {
        return fill_one(*wanting[i], state, std::move(end));
    };
    co_await async::for_each_parallel(wanting.size(), ranks_at_once, fill_some, std::move(stop));
}

asio::awaitable<void> MergedLog::fill_one(Rank& rank, RunState state, std::stop_token stop) {
    if (last_ && !rank.is_begun) {
        const auto share = std::max<std::uint64_t>(1, *last_ / ranks_.size());
        auto end = co_await log_.read_end(rank.path, share, state, stop);
        rank.offset = end.next_offset;
        rank.pending = std::move(end.text);
        offset_ += end.offset;
    }
    rank.is_begun = true;
    find_line(rank, state);
    while (!rank.line && !rank.is_drained) {
        auto piece = co_await log_.read_piece(rank.path, rank.offset, read_of_rank, state, stop);
        if (!piece.missing && piece.total < rank.offset) {
            // Its node was replaced, and it begins again.
            rank.offset = 0;
            rank.pending.clear();
            rank.told = 0;
            continue;
        }
        rank.offset += piece.bytes.size();
        rank.is_drained = piece.bytes.empty() || rank.offset >= piece.total;
        rank.pending.erase(0, rank.told);
        rank.told = 0;
        rank.pending += piece.bytes;
        find_line(rank, state);
    }
}

void MergedLog::find_line(Rank& rank, RunState state) {
    rank.line.reset();
    const auto rest = std::string_view(rank.pending).substr(rank.told);
    const auto end = rest.find('\n');
    const bool is_last = rank.is_drained && state == RunState::Final && !rest.empty();
    const bool is_whole = end != std::string_view::npos || rest.size() >= longest_rank_line;
    if (!is_whole && !is_last) return;
    rank.line = std::min(end, rest.size());
    const auto beginning = shown_line(rest.substr(0, std::min(*rank.line, longest_beginning)));
    const auto time = time_of_line(beginning, year_);
    if (!time) return;
    rank.time = time;
    year_ = year_of(*time);
}

MergedLog::Rank* MergedLog::next_rank() {
    Rank* next = nullptr;
    for (auto& rank : ranks_) {
        if (rank.line && (next == nullptr || rank.time < next->time)) next = &rank;
    }
    return next;
}

void MergedLog::tell(Rank& rank, std::string& text) {
    auto line = std::string_view(rank.pending).substr(rank.told, *rank.line);
    rank.told = std::min(rank.pending.size(), rank.told + line.size() + 1);
    while (line.ends_with('\r')) line.remove_suffix(1);
    const auto overwritten = line.rfind('\r');
    if (overwritten != std::string_view::npos) line.remove_prefix(overwritten + 1);
    text += fmt::format("[{:>{}}] ", rank.label, label_width_);
    text += decode_utf8(line, MoreBytes::None).text;
    // A colour is the line's own.
    if (line.find('\x1B') != std::string_view::npos) text += plain_again;
    text += '\n';
    rank.line.reset();
}

}  // namespace aml::runs
