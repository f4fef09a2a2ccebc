#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace aml::emulator {

/// Build: a cached virtual environment per job environment. System: the machine's Python as it is.
enum class Environments { Build, System };

/// What the command line decides.
struct Options {
    /// 0 picks a free port.
    unsigned short port = 0;
    /// Absent: a temporary folder, removed at exit.
    std::optional<std::filesystem::path> state;
    std::chrono::milliseconds latency{0};
    Environments environments = Environments::Build;
    std::optional<std::filesystem::path> faults;
    std::optional<std::filesystem::path> record;
    std::optional<std::filesystem::path> seed;
    /// Longest page of any list.
    std::size_t page_size = 50;
    std::chrono::seconds token_lifetime{3600};
    /// `--env-cache DIR`: where built environments are kept; absent: the user's cache folder.
    std::optional<std::filesystem::path> environment_cache;
    /// `--node-start MS`: how long a cluster node takes to start, and at least to hand over
    /// after a job (status Finalizing).
    std::chrono::milliseconds node_start{2000};
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

/// Reads `--name value` and `--name=value`. Throws: InvalidParams naming the flag and what it
/// takes.
Options parse_options(const std::vector<std::string>& arguments);

/// The text of `--help`.
std::string usage();

}  // namespace aml::emulator
