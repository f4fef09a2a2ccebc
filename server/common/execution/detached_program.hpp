#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace aml::execution {

/// A program that was started to go on when the one that started it has ended.
class DetachedProgram final {
public:
    /// `arguments` begin with the name that it shall see as its own.
    /// Throws: `std::system_error` when it cannot be started.
    DetachedProgram(const std::filesystem::path& program, std::vector<std::string> arguments);
    DetachedProgram(const DetachedProgram&) = delete;
    DetachedProgram& operator=(const DetachedProgram&) = delete;
    ~DetachedProgram();

    bool has_ended();

private:
    struct State;

    std::unique_ptr<State> state_;
};

/// The path at which this very program can be started again, whatever has been installed over it
/// meanwhile (where the system can tell).
std::filesystem::path own_program();

}  // namespace aml::execution
