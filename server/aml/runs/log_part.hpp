#pragma once

#include "async/asio.hpp"
#include "runs/line_scanner.hpp"
#include "runs/run_log.hpp"

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>

namespace aml::runs {

/// Lines of a log around one of them, as they are shown.
struct LogPart {
    /// With a line that says so where lines of the log are missing above or below.
    std::string text{};
    /// Which line of the text is meant, counted from 0.
    std::size_t line = 0;
};

/// Some hundred kilobytes of a log around the line `found`. Throws: as `RunLog::read`.
asio::awaitable<LogPart> read_part(
    RunLog& log, std::string path, FoundLine found, RunState state, std::stop_token stop);

}  // namespace aml::runs
