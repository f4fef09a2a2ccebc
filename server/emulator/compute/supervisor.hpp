#pragma once

#include "compute/supervised_process.hpp"

namespace aml::emulator {

/// What the supervisor needs, laid out before the fork: after it nothing may allocate.
class SupervisorPlan final {
public:
    explicit SupervisorPlan(const LaunchPlan& plan);

    /// Runs in the forked child: becomes the supervisor, starts the process, waits for it and ends.
    [[noreturn]] void run() const noexcept;

private:
    [[noreturn]] void run_process(int log) const noexcept;
    /// Waits for the process; returns its raw wait status.
    int follow(pid_t process) const noexcept;

    LaunchPlan plan_;
    std::string lock_;
    std::string pid_file_;
    std::string exit_file_;
    std::string exit_temporary_;
    std::vector<char*> arguments_;
    std::vector<char*> environment_;
};

}  // namespace aml::emulator
