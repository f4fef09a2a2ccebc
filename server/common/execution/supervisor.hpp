#pragma once

#include <filesystem>

namespace aml::execution {

/// The files in its folder by which a supervisor and the programs that started it know of each
/// other.
struct SupervisorFiles {
    explicit SupervisorFiles(const std::filesystem::path& folder);

    /// Locked as long as the supervisor lives.
    std::filesystem::path lock;
    /// There once a supervisor has begun. It ends its process when this file disappears.
    std::filesystem::path supervisor;
    /// Made by whoever wants the process to end.
    std::filesystem::path stop;
    /// How the process ended.
    std::filesystem::path exit;
};

/// The work of `aml --supervise FOLDER`: starts the plan that was left in the folder, ends
/// it when it is told to, kills what it leaves behind, and writes down how it ended. Returns the
/// exit code of the supervisor itself.
int supervise(const std::filesystem::path& folder);

}  // namespace aml::execution
