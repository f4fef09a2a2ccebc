#include "cli/local_run.hpp"

#include "async/run_blocking.hpp"
#include "cli/follow.hpp"
#include "cli/prepare.hpp"
#include "cli/submission_view.hpp"
#include "local/runner.hpp"
#include "local/this_computer.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <exception>
#include <utility>

namespace aml::cli {
namespace {

submit::SubmittedRun submitted_run(const local::BegunRun& begun) {
    submit::SubmittedRun run;
    run.workspace = local::this_computer();
    run.job_name = begun.folder.name();
    run.display_name = begun.record.display_name;
    run.experiment = begun.record.experiment;
    run.status = "Starting";
    run.script = begun.record.script;
    run.configuration = begun.record.configuration;
    return run;
}

void show_begun(Invocation& invocation,
                const local::BegunRun& begun,
                const submit::SubmittedRun& run,
                const std::vector<runconfig::Setting>& settings) {
    auto& terminal = invocation.terminal;
    auto value = submitted_json(run, settings, invocation.clock.now());
    value["folder"] = begun.folder.root.string();
    terminal.value(value);
    for (const auto& note : begun.plan.notes) terminal.remark(localize("note: {}", note));
    terminal.line(localize(
        "Run {} on this computer, in {}", begun.folder.name(), begun.folder.root.string()));
}

asio::awaitable<ExitCode> follow_begun(Invocation& invocation,
                                       local::Runner& runner,
                                       local::BegunRun begun,
                                       runs::RunSnapshot snapshot,
                                       std::stop_token stop) {
    const auto loop = co_await asio::this_coro::executor;
    const auto folder = begun.folder;
    auto* connection = co_await invocation.access.connect(stop);
    std::exception_ptr failure;
    async::TaskGroup launching(loop, [&failure](std::exception_ptr error) {
        if (!failure) failure = std::move(error);
    });
    launching.spawn(runner.launch(std::move(begun), launching.stop_token()));
    auto code = ExitCode::Failed;
    try {
        code = co_await follow_run(invocation,
                                   connection->client,
                                   std::move(snapshot),
                                   std::string(),
                                   FollowView::Everything,
                                   stop);
    } catch (...) {
        failure = std::current_exception();
    }
    const bool is_prepared = launching.size() == 0;
    launching.request_stop();
    co_await launching.join();
    if (stop.stop_requested() && !is_prepared) {
        invocation.terminal.remark(
            localize("The run was still being prepared, and has ended: run it again."));
    }
    if (failure) std::rethrow_exception(failure);
    co_return code;
}

}  // namespace

asio::awaitable<ExitCode> run_here(Invocation& invocation, std::stop_token stop) {
    auto prepared = co_await prepare_local(invocation, stop);
    local::Runner runner(invocation.state, invocation.clock, invocation.random, invocation.log);
    auto begun = co_await runner.begin(std::move(prepared.request.configuration), stop);
    const auto run = submitted_run(begun);
    show_begun(invocation, begun, run, prepared.settings);
    auto snapshot = submit::snapshot_of(run);
    co_return co_await follow_begun(
        invocation, runner, std::move(begun), std::move(snapshot), std::move(stop));
}

}  // namespace aml::cli
