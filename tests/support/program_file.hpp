#pragma once

#include <filesystem>
#include <string>

namespace aml::test {

/// What a program that a test writes does: it says this, and ends or does not. Beside itself it
/// leaves "arguments", "folder" with the current one, and "runs" with a line for each run.
struct Doing {
    std::string output{};
    std::string errors{};
    int exit_code = 0;
    /// Waits ten minutes, with a program that it has started.
    bool lasts = false;
};

/// A script that can be found as the program `name` in the folder. Returns its path.
std::filesystem::path write_program(const std::filesystem::path& folder,
                                    const std::string& name,
                                    const Doing& doing);

}  // namespace aml::test
