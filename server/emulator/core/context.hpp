#pragma once

#include "async/clock.hpp"
#include "async/task_group.hpp"
#include "core/identity.hpp"
#include "core/resources.hpp"
#include "core/runs.hpp"
#include "core/store.hpp"
#include "core/tenants.hpp"
#include "core/tokens.hpp"
#include "support/log.hpp"
#include "support/random.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace aml::emulator {

/// Build: a cached virtual environment per job environment. System: the machine's Python as it is.
enum class Environments { Build, System };

/// What the command line decides about the parts.
struct Settings {
    /// A file that describes subscriptions, workspaces and runs to create.
    std::optional<std::filesystem::path> seed;
    /// Longest page of any list.
    std::size_t page_size = 50;
    std::chrono::seconds token_lifetime{3600};
    Environments environments = Environments::Build;
    /// The Python that environments are made with; absent: the first that PATH has.
    std::optional<std::filesystem::path> python;
    /// This very program: with `--supervise` it watches over a job.
    std::filesystem::path program;
    /// Where built environments are kept; absent: the user's cache folder.
    std::optional<std::filesystem::path> environment_cache;
    /// How long a cluster node takes to start, and at least to hand over after a job (status
    /// Finalizing).
    std::chrono::milliseconds node_start{2000};
};

/// What every part is built from. Made by main.cpp (or a test), outlives all parts.
struct Context {
    const Settings& settings;
    /// Folder of the state: `emulator.db` and what parts keep beside it.
    std::filesystem::path state;
    Log log;
    async::Clock& clock;
    Random& random;
    asio::thread_pool& pool;
    /// Owns the coroutines that run beside requests (runner, scaling). Stopped on shutdown.
    async::TaskGroup& tasks;
    Store& store;
    ResourceStore& resources;
    RunStore& runs;
    Tenants& tenants;
    TokenService& tokens;
    Identity identity;
    /// `http://127.0.0.1:port`, https with `--tls`; known once the server listens, which is before
    /// any part starts.
    std::string base_url;
    /// With `--tls`: a PEM file with all that a job has to trust.
    std::optional<std::filesystem::path> trusted_file;
};

}  // namespace aml::emulator
