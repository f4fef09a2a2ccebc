#pragma once

#include "features/services.hpp"
#include "http/failure_log.hpp"
#include "runs/run_watcher.hpp"
#include "runs/silence_watch.hpp"
#include "tree/workspace_tree.hpp"
#include "workspace/azure_access.hpp"
#include "workspace/catalog.hpp"

namespace aml::features {

/// Everything that belongs to one cloud and one identity. Another endpoint or sign-in method gets
/// another session; operations under way end on the one they began with, so they keep its
/// shared_ptr.
class AzureSession final {
public:
    /// `services` and `way` must outlive it. Asks Azure for nothing.
    AzureSession(Services& services,
                 http::Transport& way,
                 workspace::AccessSettings settings,
                 auth::SignInTools tools);

    http::FailureLog failures;
    workspace::AzureAccess access;
    runs::RunWatcher watcher;
    runs::SilenceWatch silence;
    workspace::Catalog catalog;
    tree::WorkspaceTree tree;

    /// Has the watcher follow a run, if it does not yet: Azure is then asked what it is. Throws:
    /// NotFound when there is none; Forbidden, Unavailable, …
    asio::awaitable<void> follow(azure::ResourceId job, std::stop_token stop);

    /// Whether the user has started the run: from this computer, or as whoever is signed in.
    bool owns(const runs::RunSnapshot& run) const;

    /// Stops watching and saves what is not saved yet. Call before destruction.
    asio::awaitable<void> shut_down();
};

}  // namespace aml::features
