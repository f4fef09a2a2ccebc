#pragma once

#include "async/asio.hpp"
#include "runs/line_scanner.hpp"
#include "runs/run_log.hpp"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::runs {

/// What a part of a log held, and how far the search is, in bytes.
struct SearchedPart {
    std::vector<FoundLine> lines{};
    std::uint64_t done = 0;
    std::uint64_t total = 0;
};

/// Told after each part; returns whether to go on.
using OnSearched = std::function<bool(SearchedPart part)>;

/// Searches a log as far as it goes by now. A few parts of it are in memory at a time, whatever its
/// size; lines are looked at on `pool`. Throws: as `RunLog::read`.
asio::awaitable<void> search_log(RunLog& log,
                                 asio::thread_pool& pool,
                                 std::string path,
                                 LinePattern pattern,
                                 RunState state,
                                 OnSearched on_searched,
                                 std::stop_token stop);

}  // namespace aml::runs
