#pragma once

#include "features/services.hpp"
#include "rpc/router.hpp"

#include <string>
#include <vector>

namespace aml::features {

/// `initialize`, settings and `shutdown`. Source: LSP 3.17 "Server lifecycle".
class LifecycleFeature final {
public:
    explicit LifecycleFeature(Services& services)
        : services_(services) {}

    void bind(rpc::Router& router);

    /// Command ids to announce, for `workspace/executeCommand`. Call before the session begins.
    void offer_commands(std::vector<std::string> commands) { commands_ = std::move(commands); }

private:
    asio::awaitable<protocol::InitializeResult> initialize(protocol::InitializeParams params,
                                                           rpc::RequestContext& context);
    asio::awaitable<void> shutdown(protocol::NoParams params, rpc::RequestContext& context);
    void did_change_configuration(protocol::DidChangeConfigurationParams params);

    Services& services_;
    std::vector<std::string> commands_;
};

}  // namespace aml::features
