#include "azure/jobs.hpp"
#include "cli/commands.hpp"
#include "cli/follow.hpp"
#include "cli/invocation.hpp"
#include "cli/place.hpp"
#include "cli/run_report.hpp"
#include "runs/run_log.hpp"
#include "runs/run_metrics.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace aml::cli {
namespace {

constexpr std::array status_options{workspace_option};
constexpr std::array logs_options{
    workspace_option,
    follow_option,
    OptionSpec{"--file",
               "PATH",
               Localizable("Another log of the run than what the script prints, e.g.\n"
                           "azureml-logs/20_image_build_log.txt.")},
};
constexpr std::array cancel_options{workspace_option, follow_option};

// Everything that stands in the log now.
asio::awaitable<void> print_log(Invocation& invocation,
                                runs::RunSnapshot run,
                                std::string path,
                                std::stop_token stop) {
    const auto state = run.is_final() ? runs::RunState::Final : runs::RunState::GoingOn;
    runs::RunLog log(invocation.access, invocation.clock, run.job);
    if (path.empty()) path = runs::primary_log(co_await log.files(state, stop));
    std::uint64_t offset = 0;
    while (!path.empty()) {
        const auto chunk = co_await log.read(path, offset, state, stop);
        if (chunk.text.empty()) break;
        offset = chunk.next_offset;
        invocation.terminal.text(chunk.text);
        invocation.terminal.value({{"event", "log"}, {"path", chunk.path}, {"text", chunk.text}});
        if (chunk.at_end) break;
    }
    if (offset > 0) co_return;
    invocation.terminal.remark(run.is_final()
                                   ? localize("The run left no log.")
                                   : localize("The run has no log yet; --follow waits for it."));
}

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

/// Throws: as `find_job`; NotFound (the run, or the log of one that has ended).
asio::awaitable<ExitCode> show_logs(Invocation& invocation, std::stop_token stop) {
    const auto job = co_await find_job(invocation, stop);
    auto* connection = co_await invocation.access.connect(stop);
    auto& client = connection->client;
    auto run = co_await read_run(client, job, stop);
    auto path = invocation.line.value("--file").value_or(std::string());
    if (invocation.line.has("--follow")) {
        co_return co_await follow_run(invocation,
                                      client,
                                      std::move(run),
                                      std::move(path),
                                      FollowView::LogFirst,
                                      std::move(stop));
    }
    co_await print_log(invocation, std::move(run), std::move(path), std::move(stop));
    co_return ExitCode::Completed;
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

const Command logs_command{.name = "logs",
                           .operand = "JOB",
                           .operand_required = true,
                           .summary = Localizable("Print what a run's script prints"),
                           .description = Localizable("The log goes to standard output, everything "
                                                      "else to standard error."),
                           .options = logs_options,
                           .handler = show_logs};

const Command cancel_command{.name = "cancel",
                             .operand = "JOB",
                             .operand_required = true,
                             .summary = Localizable("Cancel a run"),
                             .options = cancel_options,
                             .handler = cancel_job};

}  // namespace aml::cli
