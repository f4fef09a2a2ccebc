#include "runs/failure_reader.hpp"

#include "runs/log_files.hpp"
#include "runs/traceback.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace aml::runs {

namespace {

/// Of a log, where the exception is.
constexpr std::uint64_t end_of_log = 256U << 10U;
/// Logs that are read: a job may have thousands of processes.
constexpr std::size_t most_logs = 8;

/// The log that Azure's own message about the failure names: of a process other than the first.
std::string named_log(const RunSnapshot& run, const std::vector<std::string>& files) {
    if (!run.error) return {};
    for (const auto& file : files) {
        if (run.error->message.find(fmt::format("'{}'", file)) != std::string::npos) return file;
    }
    return {};
}

/// The logs that may show why: the one that is named or the main one, then those of other
/// processes.
std::vector<std::string> telling_logs(const RunSnapshot& run,
                                      const std::vector<std::string>& files) {
    std::vector<std::string> logs{named_log(run, files)};
    if (logs.front().empty()) logs.front() = primary_log(files);
    if (logs.front().empty()) return {};
    for (const auto& file : files) {
        if (logs.size() < most_logs && file != logs.front() && is_script_output(file))
            logs.push_back(file);
    }
    return logs;
}

}  // namespace

asio::awaitable<std::optional<Failure>> read_failure(RunLog& log,
                                                     RunSnapshot run,
                                                     std::stop_token stop) {
    const auto files = co_await log.files(RunState::Final, stop);
    const auto logs = telling_logs(run, files);
    std::optional<Failure> first;
    for (const auto& path : logs) {
        const auto end = co_await log.read_end(path, end_of_log, RunState::Final, stop);
        const auto traceback = find_traceback(end.text);
        auto failure = failure_of(run, path, end.text);
        if (traceback && !is_consequence(traceback->exception)) co_return failure;
        if (!first) first = std::move(failure);
    }
    co_return first ? first : failure_of(run, {}, {});
}

}  // namespace aml::runs
