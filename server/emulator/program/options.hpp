#pragma once

#include "core/context.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace aml::emulator {

/// What the command line decides.
struct Options {
    /// 0 picks a free port.
    unsigned short port = 0;
    /// Absent: a temporary folder, removed at exit.
    std::optional<std::filesystem::path> state;
    std::chrono::milliseconds latency{0};
    Settings settings;
    std::optional<std::filesystem::path> faults;
    std::optional<std::filesystem::path> record;
    /// `--tls`: HTTPS, with a certificate of the state's own.
    bool tls = false;
    /// An emulator that runs on the state already is no failure: its ready line is printed.
    bool shared = false;
    /// End when nobody has asked for anything for so long and no job is unfinished; absent: never.
    std::optional<std::chrono::minutes> idle_exit;
    bool debug = false;
    bool help = false;
    bool version = false;
};

/// Reads the command line. Throws: InvalidParams naming the option and what it takes.
Options parse_options(const std::vector<std::string>& arguments);

/// The text of `--help`.
std::string usage();

}  // namespace aml::emulator
