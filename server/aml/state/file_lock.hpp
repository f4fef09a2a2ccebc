#pragma once

#include "platform/file.hpp"

#include <chrono>
#include <filesystem>

namespace aml::state {

/// Holds a lock on `file` (made when missing) that keeps other processes and threads out until it
/// goes. The system drops it when the process dies. Blocking.
class FileLock final {
public:
    /// Throws: Unavailable when the file cannot be made, or another process keeps the lock longer
    /// than `patience`.
    explicit FileLock(const std::filesystem::path& file,
                      std::chrono::milliseconds patience = std::chrono::seconds(5));

private:
    platform::File file_;
};

}  // namespace aml::state
