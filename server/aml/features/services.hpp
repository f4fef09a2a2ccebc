#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "async/task_group.hpp"
#include "auth/session.hpp"
#include "http/cpprest_transport.hpp"
#include "http/transport.hpp"
#include "local/transport.hpp"
#include "protocol/protocol.gen.hpp"
#include "rpc/connection.hpp"
#include "rpc/transport.hpp"
#include "support/log.hpp"
#include "support/random.hpp"
#include "support/trace.hpp"
#include "workspace/azure_access.hpp"
#include "workspace/saved_state.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::features {

class AzureSession;

/// What the server gets from outside. Everything referred to must outlive the server.
struct Seams {
    rpc::Transport& transport;
    async::Clock& clock;
    http::Transport& http;
    /// Called with what the settings say about the network; empty where there is none to configure.
    std::function<void(http::NetworkSettings)> configure_network = {};
    Random& random;
    /// For files, hashing and other work that blocks.
    asio::thread_pool& blocking_pool;
    Log log;
    Trace trace;
    /// Of the product, e.g. "0.1.0".
    std::string version;
};

/// What the features share: the client, the seams, the state directory, and the session of the
/// cloud and identity in use. Owned by the server; outlives every feature.
class Services final {
public:
    using MakeSession =
        std::function<std::shared_ptr<AzureSession>(workspace::AccessSettings settings)>;

    Services(const Seams& seams,
             asio::any_io_executor executor,
             rpc::Connection& connection,
             async::TaskGroup& background);

    asio::any_io_executor loop;
    rpc::Connection& client;
    async::Clock& clock;
    http::Transport& http;
    Random& random;
    Log log;
    std::string version;
    /// For files, hashing and other work that blocks; see `async::run_blocking`.
    asio::thread_pool& pool;
    /// For work that goes on beside requests. Stopped and awaited at the end of the session.
    async::TaskGroup& tasks;

    /// What the client said it can do. Set by `initialize`.
    protocol::ClientCapabilities capabilities;

    /// The folders open in the editor, first things first. Set by `initialize`, kept by
    /// WorkspaceFeature.
    std::vector<std::filesystem::path> folders;

    /// How a session is made. Set by the server.
    MakeSession make_session;

    /// Called by `initialize`: from now on state and session exist. Throws: Rejected when there
    /// is no place for state.
    void start(const protocol::InitializationOptions& options);

    /// Applies settings; what says which Azure, as whom or how to get there makes another session.
    void configure(const protocol::Settings& settings);

    /// Only after `initialize`, that is, in every other handler.
    workspace::SavedState& state() { return *state_; }

    /// As they were given last.
    const protocol::Settings& settings() const { return settings_; }

    /// The cloud and identity in use. Keep the pointer for the whole operation: settings may change
    /// meanwhile. Only after `initialize`.
    std::shared_ptr<AzureSession> session() const { return session_; }

    /// The runs on this computer, as if they were in Azure. Only after `initialize`.
    std::shared_ptr<AzureSession> here() const { return here_; }

    /// The one of the two that a job, or a row of the tree, is of.
    std::shared_ptr<AzureSession> session_of(std::string_view id) const;
    std::shared_ptr<AzureSession> session_of(const azure::ResourceId& job) const;

    /// Every `.azureml/runs` with runs on this computer. Only after `initialize`.
    asio::awaitable<std::vector<std::filesystem::path>> places_here();

    /// `handler` is called on the loop when there is another session, the first one included.
    void on_session(std::function<void(AzureSession&)> handler);

    /// `handler` is called once, with `here`.
    void on_here(std::function<void(AzureSession&)> handler);

    /// Shows the user one sentence.
    void tell(protocol::MessageType type, std::string message);

    /// Has the editor ask for all lenses again, if it can: what they say has changed.
    void refresh_lenses();

private:
    asio::awaitable<void> ask_to_refresh_lenses();
    workspace::AccessSettings access_settings(const protocol::Settings& settings);

    std::function<void(http::NetworkSettings)> configure_network_;
    std::optional<workspace::SavedState> state_;
    protocol::Settings settings_;
    // Shared with operations in flight.
    std::shared_ptr<AzureSession> session_;
    std::vector<std::function<void(AzureSession&)>> session_handlers_;
    std::optional<local::Transport> local_transport_;
    std::shared_ptr<AzureSession> here_;
    std::vector<std::function<void(AzureSession&)>> here_handlers_;
};

}  // namespace aml::features
