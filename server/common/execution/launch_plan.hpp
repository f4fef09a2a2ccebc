#pragma once

#include "platform/environment.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace aml::execution {

/// What a supervisor starts.
struct LaunchPlan {
    /// Output and errors are appended to this file.
    std::filesystem::path log;
    std::filesystem::path working_directory;
    /// The first is the program's path.
    std::vector<std::string> arguments;
    /// Nothing else is inherited.
    platform::Variables environment;
    /// Between the request to end and the force that follows.
    std::chrono::milliseconds grace{5'000};
};

/// Leaves the plan in `folder` for the supervisor, and for its owner's eyes only: the environment
/// holds tokens. Throws: `std::filesystem::filesystem_error`.
void leave_plan(const LaunchPlan& plan, const std::filesystem::path& folder);

/// Takes the plan out of `folder`; nothing when there is none, or not the whole of it.
std::optional<LaunchPlan> take_plan(const std::filesystem::path& folder);

}  // namespace aml::execution
