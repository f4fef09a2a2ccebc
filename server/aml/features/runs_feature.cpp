#include "features/runs_feature.hpp"

#include "async/run_blocking.hpp"
#include "features/azure_session.hpp"
#include "features/convert_runs.hpp"
#include "features/run_id.hpp"
#include "features/uri.hpp"
#include "runs/source_files.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/scope_exit.hpp"

#include <algorithm>
#include <utility>

namespace aml::features {
namespace {

/// Logs that stay open between requests; an older one is opened again when it is asked for.
constexpr std::size_t most_readings = 16;

}  // namespace

RunsFeature::RunsFeature(Services& services, const RunNewsFeature& news)
    : services_(services),
      news_(news) {
    services_.on_session([this](AzureSession& session) { follow(session); });
    services_.on_here([this](AzureSession& session) { tell_changes_of(session); });
}

void RunsFeature::bind(rpc::Router& router) {
    router.notification<protocol::Initialized>(this, &RunsFeature::initialized);
    router.request<protocol::RunsList>(this, &RunsFeature::list);
    router.request<protocol::RunsLog>(this, &RunsFeature::log);
    router.request<protocol::RunsSource>(this, &RunsFeature::source);
}

void RunsFeature::tell_repeatable() {
    services_.tasks.spawn(send_repeatable());
}

void RunsFeature::refresh() {
    tell_repeatable();
    services_.tasks.spawn(resume(services_.session()));
}

void RunsFeature::initialized(protocol::NoParams) {
    if (std::exchange(initialized_, true)) return;
    services_.tasks.spawn(resume(services_.session()));
    tell_repeatable();
}

void RunsFeature::tell_changes_of(AzureSession& session) {
    session.watcher.subscribe([this](const std::vector<runs::RunSnapshot>& changed) {
        protocol::RunsDidChangeParams params;
        for (const auto& run : changed) params.runs.push_back(to_wire(run));
        services_.client.notify<protocol::RunsDidChange>(std::move(params));
    });
    session.watcher.forget_after(
        [this](std::stop_token stop) { return services_.client.flush(std::move(stop)); });
}

void RunsFeature::follow(AzureSession& session) {
    tell_changes_of(session);
    readings_.clear();
    // Nothing may be sent before `initialize` is answered.
    if (initialized_) services_.tasks.spawn(resume(services_.session()));
}

asio::awaitable<void> RunsFeature::resume(std::shared_ptr<AzureSession> session) {
    const auto count = co_await session->watcher.resume_saved();
    if (count > 0) services_.log.info("following {} runs again", count);
}

asio::awaitable<void> RunsFeature::send_repeatable() {
    const auto scripts = co_await services_.state().repeatable_scripts();
    protocol::RepeatableParams params;
    for (const auto& script : scripts) params.scripts.push_back(uri_of_path(script));
    if (params.scripts == repeatable_) co_return;
    repeatable_ = params.scripts;
    services_.client.notify<protocol::RunsDidChangeRepeatable>(std::move(params));
}

asio::awaitable<protocol::RunsListResult> RunsFeature::list(protocol::RunsListParams params,
                                                            rpc::RequestContext&) {
    refresh();
    protocol::RunsListResult result;
    const bool active_only = params.activeOnly.value_or(false);
    for (const auto& session : {services_.session(), services_.here()}) {
        for (const auto& run : session->watcher.runs())
            if (!active_only || !run.is_final()) result.runs.push_back(to_wire(run));
    }
    result.summary = news_.current();
    co_return result;
}

asio::awaitable<protocol::RunsLogResult> RunsFeature::log(protocol::RunsLogParams params,
                                                          rpc::RequestContext& context) {
    const auto job = job_of(params.id);
    const auto session = services_.session_of(job);
    co_await session->follow(job, context.stop());
    const auto open = reading(session, job, params);
    open->busy = true;
    const ScopeExit turn([&open] { open->busy = false; });
    if (!params.wait.value_or(false)) {
        auto chunk = co_await open->follower.read_now(context.stop());
        co_return to_wire(std::move(chunk));
    }
    auto chunk = co_await open->follower.next(context.stop());
    if (chunk) co_return to_wire(std::move(*chunk));
    runs::LogChunk end{.path = open->follower.path()};
    end.offset = end.next_offset = open->follower.offset();
    end.complete = true;
    end.files = open->follower.files();
    co_return to_wire(std::move(end));
}

asio::awaitable<protocol::RunsSourceResult> RunsFeature::source(protocol::RunsSourceParams params,
                                                                rpc::RequestContext&) {
    const auto job = job_of(params.id);
    const auto run = services_.session_of(job)->watcher.find(job);
    runs::SourcePlaces places{.folders = services_.folders};
    if (run) places.script = run->script;
    auto look = [path = std::move(params.path), places = std::move(places)] {
        return runs::local_source(path, places);
    };
    const auto file = co_await async::run_blocking(services_.pool, std::move(look));
    protocol::RunsSourceResult result;
    if (file) result.uri = uri_of_path(*file);
    co_return result;
}

std::shared_ptr<RunsFeature::Reading> RunsFeature::reading(std::shared_ptr<AzureSession> session,
                                                           const azure::ResourceId& job,
                                                           const protocol::RunsLogParams& params) {
    const auto path = params.path.value_or(std::string());
    const auto continues = [&](const std::shared_ptr<Reading>& open) {
        return !params.last && !open->busy && open->session == session && open->job == job &&
               open->path == path && open->follower.offset() == params.offset;
    };
    const auto found = std::find_if(readings_.begin(), readings_.end(), continues);
    std::shared_ptr<Reading> result;
    if (found != readings_.end()) {
        result = *found;
        readings_.erase(found);
    } else {
        runs::LogFollower::Start start{.path = path, .offset = params.offset, .last = params.last};
        auto& azure = *session;
        result.reset(
            new Reading{.session = std::move(session),
                        .job = job,
                        .path = path,
                        .follower = runs::LogFollower(
                            azure.access, azure.watcher, services_.clock, job, std::move(start))});
    }
    readings_.push_back(result);
    if (readings_.size() > most_readings) readings_.pop_front();
    return result;
}

}  // namespace aml::features
