#pragma once

#include "domain/azure_access.hpp"
#include "domain/catalog.hpp"
#include "domain/runs/run_watcher.hpp"
#include "domain/tree/workspace_tree.hpp"
#include "features/services.hpp"
#include "http/failure_log.hpp"

namespace aml::features {

/// Everything that belongs to one cloud and one identity. Another endpoint or sign-in method gets
/// another workbench; operations under way end on the one they began with, so they keep its
/// shared_ptr.
class Workbench final {
public:
    /// `services` must outlive it. Asks Azure for nothing.
    Workbench(Services& services, domain::AccessSettings settings);

    http::FailureLog failures;
    domain::AzureAccess access;
    domain::RunWatcher watcher;
    domain::Catalog catalog;
    domain::WorkspaceTree tree;

    /// Stops watching and saves what is not saved yet. Call before destruction.
    asio::awaitable<void> shut_down();
};

}  // namespace aml::features
