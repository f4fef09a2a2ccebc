#pragma once

#include "azure/resource_id.hpp"
#include "features/run_news_feature.hpp"
#include "features/services.hpp"
#include "rpc/router.hpp"
#include "runs/run_log.hpp"

#include <deque>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::features {

/// The runs that are followed: `runs/list`, `runs/didChange`, `runs/log`,
/// `runs/source`, `runs/didChangeRepeatable`. After `initialized`, and for every new session, runs
/// that were not final are followed again.
class RunsFeature final {
public:
    RunsFeature(Services& services, const RunNewsFeature& news);

    void bind(rpc::Router& router);

    /// Tells the client which scripts have a last run, if it knows others. Never waits.
    void tell_repeatable();

    /// Follows what another window has submitted meanwhile, and tells what it made repeatable.
    void refresh();

private:
    /// One log being read by a client, from one request to the next.
    struct Reading {
        // Its follower refers to it.
        std::shared_ptr<AzureSession> session;
        azure::ResourceId job;
        /// As asked for; empty means the main log.
        std::string path;
        runs::LogFollower follower;
        bool busy = false;
    };

    void initialized(protocol::NoParams params);
    void follow(AzureSession& session);
    void tell_changes_of(AzureSession& session);
    asio::awaitable<void> resume(std::shared_ptr<AzureSession> session);
    asio::awaitable<void> send_repeatable();
    asio::awaitable<protocol::RunsListResult> list(protocol::RunsListParams params,
                                                   rpc::RequestContext& context);
    asio::awaitable<protocol::RunsLogResult> log(protocol::RunsLogParams params,
                                                 rpc::RequestContext& context);
    asio::awaitable<protocol::RunsSourceResult> source(protocol::RunsSourceParams params,
                                                       rpc::RequestContext& context);
    std::shared_ptr<Reading> reading(std::shared_ptr<AzureSession> session,
                                     const azure::ResourceId& job,
                                     const protocol::RunsLogParams& params);

    Services& services_;
    const RunNewsFeature& news_;
    bool initialized_ = false;
    /// What the client knows.
    std::vector<std::string> repeatable_;
    /// Most recently used last.
    std::deque<std::shared_ptr<Reading>> readings_;
};

}  // namespace aml::features
