#pragma once

#include "platform/environment.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aml::platform {

/// A program to start.
struct ProcessStart {
    /// The first is the program's absolute path.
    std::vector<std::string> arguments;
    /// The system's root folder when empty.
    std::filesystem::path directory;
    /// All that it gets.
    Variables environment;
};

/// What a program has printed since it was asked last.
struct Printed {
    std::string output;
    std::string errors;
    /// Nothing more will come.
    bool ended = false;
};

/// A program that runs without input and without a window, together with what it starts. The
/// destructor kills whatever of it still runs, unless `wait` has returned.
class Process final {
public:
    /// Throws: `std::system_error` when it cannot be started; `invalid_argument` for an argument
    /// that a `.cmd` script (Windows) cannot be given safely.
    explicit Process(const ProcessStart& start);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    /// Waits for something to be printed, not longer than `patience`.
    Printed read(std::chrono::milliseconds patience);

    /// Its exit code, once it has ended; 128 and the signal's number when one ended it.
    int wait();

private:
    struct Running;

    std::unique_ptr<Running> running_;
};

/// The executable `name` in the absolute folders of `path`, which is written as the variable PATH
/// is; on Windows with an ending of PATHEXT. Empty when there is none.
std::filesystem::path find_program(std::string_view name, std::string_view path);

}  // namespace aml::platform
