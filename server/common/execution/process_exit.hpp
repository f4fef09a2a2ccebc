#pragma once

#include <string>

namespace aml::execution {

/// How a process ended.
struct ProcessExit {
    /// Exit status, or the signal when `signalled`.
    int code = 0;
    bool signalled = false;
    /// The signal in words: "Killed".
    std::string signal_name{};

    bool succeeded() const { return !signalled && code == 0; }
};

}  // namespace aml::execution
