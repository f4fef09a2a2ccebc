#pragma once

#include "platform/environment.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::async {

/// A program to run to its end.
struct ProgramCall {
    /// The first is the program's absolute path. Never a secret: other users can read these.
    std::vector<std::string> arguments{};
    /// Where it runs; the system's root folder when empty.
    std::filesystem::path directory{};
    /// Added to this process's environment, or replacing what is there.
    platform::Variables environment{};
    /// Then the program and what it started are killed.
    std::chrono::milliseconds timeout = std::chrono::seconds(30);
};

/// How it ended.
struct ProgramResult {
    /// Absent when it did not end by itself in time.
    std::optional<int> exit_code{};
    std::string output{};
    std::string errors{};
};

/// Runs a program without input and keeps what it prints, at most a megabyte of each. Blocks: call
/// it through `run_blocking`. Throws: Unavailable when the program cannot be started, Cancelled
/// when `stop` fires first (the program is killed).
ProgramResult run_program(const ProgramCall& call, std::stop_token stop);

}  // namespace aml::async
