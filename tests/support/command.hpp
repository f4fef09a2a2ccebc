#pragma once

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

namespace aml::test {

/// What a shell command did.
struct CommandResult {
    int status = -1;
    std::string output{};
};

/// Runs a command with `sh -c` and returns its standard output.
inline CommandResult shell(const std::string& command) {
    std::FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("popen failed");
    CommandResult result;
    char buffer[4096];
    for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
        result.output.append(buffer, count);
    }
    result.status = ::pclose(pipe);
    return result;
}

/// Whether a program can be started.
inline bool has_program(const std::string& name) {
    return shell("command -v " + name + " 2>/dev/null").status == 0;
}

}  // namespace aml::test
