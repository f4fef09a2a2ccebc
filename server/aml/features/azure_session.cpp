#include "features/azure_session.hpp"

#include "runs/run_reader.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <utility>

namespace aml::features {
namespace {

http::PipelineParts pipeline_parts(Services& services,
                                   http::FailureLog& transport,
                                   const workspace::AccessSettings& settings) {
    return {.transport = transport,
            .clock = services.clock,
            .random = services.random,
            .log = services.log.component("http"),
            .user_agent = settings.user_agent};
}

}  // namespace

AzureSession::AzureSession(Services& services,
                           http::Transport& way,
                           workspace::AccessSettings settings,
                           auth::SignInTools tools)
    : failures(way, services.clock),
      access(
          pipeline_parts(services, failures, settings), services.tasks, settings, std::move(tools)),
      watcher(services.loop,
              access,
              services.clock,
              services.random,
              services.state(),
              services.log.component("runs")),
      silence(services.loop,
              access,
              watcher,
              services.clock,
              services.log.component("runs"),
              [this](const runs::RunSnapshot& run) { return owns(run); }),
      catalog(access, services.clock, services.tasks),
      tree(services.loop,
           access,
           watcher,
           services.state(),
           services.clock,
           services.log.component("tree")) {
    catalog.on_computes_changed([this](const azure::ResourceId& workspace) {
        tree.refresh(tree::folder_row(workspace, tree::row_kind::computes));
    });
}

asio::awaitable<void> AzureSession::follow(azure::ResourceId job, std::stop_token stop) {
    if (watcher.find(job)) co_return;
    auto* connection = co_await access.connect(stop);
    auto run = co_await runs::find_run(connection->client, job, stop);
    if (!run) {
        throw Error(ErrorKind::NotFound,
                    localize("Azure ML has no run {}: it may have been deleted.", job.name()));
    }
    watcher.watch(std::move(*run));
}

bool AzureSession::owns(const runs::RunSnapshot& run) const {
    if (!run.script.empty()) return true;
    const auto* connection = access.connection();
    if (connection == nullptr || run.owner.empty()) return false;
    const auto& account = connection->session.account();
    return account && account->object_id == run.owner;
}

asio::awaitable<void> AzureSession::shut_down() {
    co_await tree.shut_down();
    co_await silence.shut_down();
    co_await watcher.shut_down();
}

}  // namespace aml::features
