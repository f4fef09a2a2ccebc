#pragma once

#include "async/asio.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace aml::emulator {

/// What to start and where.
struct LaunchPlan {
    /// Existing folder of its own: the supervisor keeps `lock`, `supervisor` and `exit` there.
    std::filesystem::path folder;
    /// Output and errors are appended to this file.
    std::filesystem::path log;
    std::filesystem::path working_directory;
    /// The first is the program's path.
    std::vector<std::string> arguments;
    /// `NAME=value`, and nothing else is inherited.
    std::vector<std::string> environment;
    /// Between TERM and KILL when it is told to stop.
    std::chrono::milliseconds grace{5'000};
};

/// How a process ended.
struct ProcessExit {
    /// Exit status, or the signal when `signalled`.
    int code = 0;
    bool signalled = false;

    bool succeeded() const { return !signalled && code == 0; }
};

/// A process with a small supervisor of its own, so that it outlives the emulator: output goes
/// straight to a file, and the supervisor writes down how the process ended. Processes that it
/// leaves behind are killed when it ends, in whatever group or session they are. When the folder
/// disappears (its state was thrown away), so does the process.
class SupervisedProcess final {
public:
    /// Starts the plan's program in its own process group. Nothing happens if one runs or has ended
    /// in that folder already. Throws: Unavailable when the system has no process to give.
    static SupervisedProcess launch(asio::any_io_executor executor, const LaunchPlan& plan);
    /// The process that still runs in `folder`, if there is one.
    static std::optional<SupervisedProcess> adopt(asio::any_io_executor executor,
                                                  const std::filesystem::path& folder);
    /// How the process of `folder` ended; nothing while it runs, or when its supervisor was killed.
    static std::optional<ProcessExit> exit_of(const std::filesystem::path& folder);
    /// True once a supervisor has been at work in `folder`.
    static bool was_launched(const std::filesystem::path& folder);

    /// Returns when the process has ended and everything it left behind is gone.
    /// Throws: Cancelled when `stop` fires first; the process goes on.
    asio::awaitable<void> wait(std::stop_token stop);
    /// TERM to its process group, KILL to everything that is left after the grace. Returns at once.
    void terminate();

private:
    SupervisedProcess(asio::any_io_executor executor, pid_t supervisor);

    pid_t supervisor_;
    // Becomes readable when the supervisor ends. Shared with a stop callback that may outlive a
    // move.
    std::shared_ptr<asio::posix::stream_descriptor> ended_;
};

/// Adds text to the end of a log that a process may be writing too.
void append_log(const std::filesystem::path& log, std::string_view text);

/// The last bytes of a log (16 KiB at most); "" when there is none.
std::string log_tail(const std::filesystem::path& log);

}  // namespace aml::emulator
