#pragma once

#include "execution/launch_plan.hpp"
#include "execution/process_exit.hpp"

#include <chrono>
#include <memory>
#include <optional>

// What a supervisor needs of the system; each has its own sources.

namespace aml::execution {

/// Makes this process, which another has just started, independent of it: no file of that
/// one stays open, no terminal's signal comes, and what is left behind by the processes
/// below comes to this one, where the system can do that. To be called once, while there is one
/// thread.
void become_supervisor();

/// Whether the system, or a person, has asked this process to end.
bool is_told_to_end();

/// A program with all that it starts.
class JobProcess final {
public:
    /// Starts the program in a process group (Windows: a job object) of its own. Where it cannot be
    /// started, its log says so and it ends with status 127. Throws: Unavailable when the system
    /// has no process to give.
    explicit JobProcess(const LaunchPlan& plan);
    JobProcess(const JobProcess&) = delete;
    JobProcess& operator=(const JobProcess&) = delete;
    /// Kills what is left of it, and returns when that is gone.
    ~JobProcess();

    /// How the program has ended; waits for that so long at most.
    std::optional<ProcessExit> wait_for(std::chrono::milliseconds time);

    /// SIGTERM to its group; Ctrl+Break on Windows.
    void ask_to_end();

    void kill();

private:
    struct State;

    std::unique_ptr<State> state_;
};

}  // namespace aml::execution
