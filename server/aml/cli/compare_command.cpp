#include "cli/commands.hpp"
#include "cli/follow.hpp"
#include "cli/invocation.hpp"
#include "cli/place.hpp"
#include "runs/run_comparison.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace aml::cli {
namespace {

constexpr std::array compare_options{workspace_option};

/// Throws: as `find_job`; NotFound.
asio::awaitable<runs::ComparedRun> named_run(Invocation& invocation,
                                             std::string text,
                                             std::stop_token stop) {
    auto job = co_await find_job(invocation, std::move(text), stop);
    auto* connection = co_await invocation.access.connect(stop);
    // Says what to do where there is none.
    co_await read_run(connection->client, job, stop);
    auto run = co_await runs::read_to_compare(invocation.access, std::move(job), std::move(stop));
    co_return run;
}

/// Throws: as `named_run`.
asio::awaitable<ExitCode> compare(Invocation& invocation, std::stop_token stop) {
    const auto& operands = invocation.line.operands();
    const auto left = co_await named_run(invocation, operands[0], stop);
    const auto right = co_await named_run(invocation, operands[1], stop);
    auto& terminal = invocation.terminal;
    const auto found = runs::differences(left, right);
    const auto width = std::max(left.name.size(), right.name.size());
    for (const auto& [key, mine, other] : found) {
        terminal.value({{"key", key}, {"left", mine}, {"right", other}});
        terminal.line(key);
        terminal.line(fmt::format("  {:<{}}  {}", left.name, width, mine));
        terminal.line(fmt::format("  {:<{}}  {}", right.name, width, other));
    }
    if (found.empty()) {
        terminal.remark(localize("Both runs were submitted alike and have the same metrics."));
    }
    co_return ExitCode::Completed;
}

}  // namespace

const Command compare_command{
    .name = "compare",
    .operand = "JOB JOB",
    .operand_required = true,
    .summary = Localizable("Show what two runs have differently"),
    .description =
        Localizable("Their configuration and the last values of their metrics. JOB is a\n"
                    "run's name, as 'aml jobs' shows it, or its ARM id."),
    .options = compare_options,
    .handler = compare};

}  // namespace aml::cli
