#pragma once

#include "async/clock.hpp"
#include "async/task_group.hpp"
#include "core/options.hpp"
#include "core/resources.hpp"
#include "core/router.hpp"
#include "core/runs.hpp"
#include "core/store.hpp"
#include "core/tokens.hpp"
#include "support/log.hpp"
#include "support/random.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace aml::emulator {

/// Ids made once with the state and the same ever after; they go into the ready line.
struct Identity {
    std::string tenant_id;
    std::string client_id;
    std::string client_secret;
    /// Object ids of the application and of the person who signs in by device code.
    std::string application_object_id;
    std::string user_object_id;
    std::string user_name = "Demo User";
    std::string user_principal_name;
    std::string subscription_id;
    std::string resource_group;
    std::string workspace;
    std::string location;
};

/// What every part is built from. Made by main.cpp (or a test), outlives all parts.
struct Context {
    const Options& options;
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
    TokenService& tokens;
    Identity identity;
    Router& router;
    /// `http://127.0.0.1:port`, https with `--tls`; known once the server listens, which is before
    /// any part starts.
    std::string base_url;
    /// With `--tls`: a PEM file with all that a job has to trust.
    std::optional<std::filesystem::path> trusted_file;
};

}  // namespace aml::emulator
