#include "features/server.hpp"

#include "async/deadline.hpp"
#include "features/azure_session.hpp"

#include <chrono>
#include <utility>

namespace aml::features {
namespace {

constexpr std::chrono::milliseconds stop_deadline{5000};

}  // namespace

Server::Server(asio::any_io_executor loop, const Seams& seams)
    : connection_(
          loop, seams.transport, router_, seams.clock, seams.log.component("rpc"), seams.trace),
      background_(loop,
                  [log = seams.log](std::exception_ptr error) {
                      log.error("background work failed: {}", describe(error));
                  }),
      services_(seams, loop, connection_, background_),
      progress_(services_),
      auth_(services_, progress_),
      lifecycle_(services_),
      ui_(services_, progress_),
      diagnostics_(services_),
      account_(services_, auth_),
      workspaces_(services_, account_, ui_),
      tree_(services_, ui_),
      doctor_(services_, progress_, auth_, ui_, workspaces_),
      places_(services_, account_, ui_, workspaces_),
      documents_(services_),
      experiments_(services_, account_, ui_, workspaces_, documents_),
      run_news_(services_),
      runs_(services_, run_news_),
      failures_(services_),
      run_ends_(services_, ui_, failures_),
      log_searches_(services_, ui_),
      sweep_news_(services_, ui_),
      run_views_(services_),
      run_tables_(services_),
      run_files_(services_, progress_, ui_),
      run_documents_(services_),
      plans_(services_, ui_, documents_, run_documents_),
      comparisons_(services_, progress_, ui_, run_documents_),
      repeats_(services_, ui_, comparisons_, run_files_),
      models_(services_, ui_),
      data_(services_, account_, ui_, progress_, workspaces_),
      local_(services_, documents_, progress_, tree_, ui_),
      submit_(services_,
              {progress_, account_, ui_, workspaces_, tree_, experiments_, documents_, runs_}) {
    services_.make_session = [this](workspace::AccessSettings settings) {
        return std::make_shared<AzureSession>(
            services_, services_.http, std::move(settings), auth_.sign_in_tools());
    };
    progress_.bind(router_);
    auth_.bind(router_);
    lifecycle_.bind(router_);
    commands_.bind(router_);
    ui_.bind(router_);
    diagnostics_.bind(commands_);
    account_.bind(router_, commands_);
    workspaces_.bind(router_, commands_);
    tree_.bind(router_, commands_);
    tree_.on_refresh([this] { runs_.refresh(); });
    doctor_.bind(commands_);
    experiments_.bind(commands_);
    places_.bind(commands_);
    documents_.bind(router_);
    runs_.bind(router_);
    log_searches_.bind(commands_);
    run_views_.bind(router_);
    run_tables_.bind(router_);
    run_files_.bind(commands_);
    run_documents_.bind(router_);
    plans_.bind(commands_);
    comparisons_.bind(router_, commands_);
    repeats_.bind(commands_);
    models_.bind(commands_);
    data_.bind(commands_);
    local_.bind(router_, commands_);
    submit_.bind(router_, commands_);
    lifecycle_.offer_commands(commands_.ids());
}

asio::awaitable<int> Server::run() {
    const int exit_code = co_await connection_.run();
    if (const auto session = services_.session()) co_await session->shut_down();
    if (const auto here = services_.here()) co_await here->shut_down();
    background_.request_stop();
    auto ended = [this](std::stop_token stop) { return background_.join(std::move(stop)); };
    const auto in_time =
        co_await async::with_deadline(services_.clock, stop_deadline, ended, std::stop_token());
    if (!in_time) services_.log.error("background work did not stop in time");
    co_return exit_code;
}

}  // namespace aml::features
