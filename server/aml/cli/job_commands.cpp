#include "azure/jobs.hpp"
#include "cli/commands.hpp"
#include "cli/follow.hpp"
#include "cli/invocation.hpp"
#include "cli/place.hpp"
#include "cli/run_report.hpp"
#include "runs/run_metrics.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace aml::cli {
namespace {

constexpr std::array status_options{workspace_option};
constexpr std::array cancel_options{workspace_option, follow_option};

/// Throws: as `find_job`; NotFound.
asio::awaitable<ExitCode> show_status(Invocation& invocation, std::stop_token stop) {
    const auto job = co_await find_job(invocation, stop);
    auto* connection = co_await invocation.access.connect(stop);
    const auto run = co_await read_run(connection->client, job, stop);
    const auto metrics = co_await runs::last_metrics(invocation.access, job, std::move(stop));
    const auto now = invocation.clock.now();
    auto value = run_json(run, now);
    value["metrics"] = metrics_json(metrics);
    invocation.terminal.value(value);
    for (const auto& line : run_lines(invocation.terminal, run, now)) {
        invocation.terminal.line(line);
    }
    if (!metrics.empty()) invocation.terminal.line(localize("metrics"));
    for (const auto& line : metric_lines(metrics)) invocation.terminal.line(line);
    co_return exit_code_of(run.status);
}

/// With --follow waits until it has ended. Throws: as `find_job`; NotFound.
asio::awaitable<ExitCode> cancel_job(Invocation& invocation, std::stop_token stop) {
    const auto job = co_await find_job(invocation, stop);
    auto* connection = co_await invocation.access.connect(stop);
    auto& client = connection->client;
    auto run = co_await read_run(client, job, stop);
    if (run.is_final()) {
        invocation.terminal.value(run_json(run, invocation.clock.now()));
        invocation.terminal.remark(
            localize("The run has ended already: {}.", runs::status_name(run.status)));
        co_return ExitCode::Completed;
    }
    co_await azure::jobs::cancel(client, job.workspace(), job.name(), stop);
    invocation.terminal.remark(invocation.here
                                   ? localize("Asked run {} to end.", job.name())
                                   : localize("Asked Azure to cancel run {}.", job.name()));
    if (invocation.line.has("--follow")) {
        co_return co_await follow_run(invocation,
                                      client,
                                      std::move(run),
                                      std::string(),
                                      FollowView::Everything,
                                      std::move(stop));
    }
    const auto asked = co_await read_run(client, job, std::move(stop));
    invocation.terminal.value(run_json(asked, invocation.clock.now()));
    co_return ExitCode::Completed;
}

}  // namespace

const Command status_command{
    .name = "status",
    .operand = "JOB",
    .operand_required = true,
    .summary = Localizable("Show how a run stands"),
    .description = Localizable("JOB is the run's name, as 'aml jobs' shows it, or its ARM id."),
    .options = status_options,
    .handler = show_status};

const Command cancel_command{.name = "cancel",
                             .operand = "JOB",
                             .operand_required = true,
                             .summary = Localizable("Cancel a run"),
                             .options = cancel_options,
                             .handler = cancel_job};

}  // namespace aml::cli
