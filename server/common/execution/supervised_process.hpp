#pragma once

#include "async/asio.hpp"
#include "execution/launch_plan.hpp"
#include "execution/process_exit.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace aml::execution {

class DetachedProgram;

/// A process with a small supervisor of its own, so that it outlives the program that starts
/// it: output goes
/// straight to a file, and the supervisor writes down how the process ended. Processes that it
/// leaves behind are killed when it ends, as far as the system knows of them: on Linux in whatever
/// group or session they are, on Windows all of its job object, on macOS those of its process
/// group. When the folder disappears (its state was thrown away), so does the process.
///
/// The supervisor is this very program. The two meet in the folder's files and nowhere
/// else, on every system.
class SupervisedProcess final {
public:
    /// Has `supervisor`, the program `aml`, start the plan. `folder` exists and is the process's
    /// own; nothing happens if one runs or has ended in it already. Throws: Unavailable when the
    /// system has no process to give.
    static SupervisedProcess launch(const std::filesystem::path& supervisor,
                                    const std::filesystem::path& folder,
                                    const LaunchPlan& plan);
    /// The process that still runs in `folder`, if there is one.
    static std::optional<SupervisedProcess> adopt(const std::filesystem::path& folder);
    /// How the process of `folder` ended; nothing while it runs, or when its supervisor was killed.
    static std::optional<ProcessExit> exit_of(const std::filesystem::path& folder);
    /// True once a supervisor has been at work in `folder`.
    static bool was_launched(const std::filesystem::path& folder);

    /// Returns once the supervisor is at work, so that another program would find it. Throws:
    /// Cancelled when `stop` fires first; the process goes on.
    asio::awaitable<void> begin(std::stop_token stop) const;
    /// Returns when the process has ended and everything it left behind is gone.
    /// Throws: Cancelled when `stop` fires first; the process goes on.
    asio::awaitable<void> wait(std::stop_token stop);
    /// Asks the process to end, and all that is left of it is killed after the grace. Returns at
    /// once.
    void terminate();

    /// Whether it has ended and everything it left behind is gone.
    bool has_ended() const;

    /// As `exit_of` its folder.
    std::optional<ProcessExit> exit() const { return exit_of(folder_); }

private:
    SupervisedProcess(std::filesystem::path folder, std::shared_ptr<DetachedProgram> supervisor);

    std::filesystem::path folder_;
    /// Absent for one that another program started.
    std::shared_ptr<DetachedProgram> supervisor_;
};

/// How long to wait before looking at a process again that has been waited for so long.
std::chrono::milliseconds until_next_look(std::chrono::steady_clock::duration waited);

/// Adds text to the end of a log that a process may be writing too.
void append_log(const std::filesystem::path& log, std::string_view text);

/// The last bytes of a log (16 KiB at most); "" when there is none.
std::string log_tail(const std::filesystem::path& log);

}  // namespace aml::execution
