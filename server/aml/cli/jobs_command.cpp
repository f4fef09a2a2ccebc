#include "cli/commands.hpp"
#include "cli/follow.hpp"
#include "cli/invocation.hpp"
#include "cli/place.hpp"
#include "cli/run_report.hpp"
#include "cli/table.hpp"
#include "runs/run_reader.hpp"
#include "runs/run_status.hpp"
#include "runs/run_watcher.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "views/run_filter_text.hpp"
#include "views/run_order.hpp"
#include "views/run_table_reader.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace aml::cli {
namespace {

constexpr std::size_t default_limit = 20;
constexpr std::size_t largest_limit = 1'000'000;

constexpr std::array jobs_options{
    workspace_option,
    local_option,
    OptionSpec{"--experiment", "NAME", Localizable("Only the runs of this experiment.")},
    OptionSpec{
        "--parent", "JOB", Localizable("The parts of a run, such as the trials of a sweep.")},
    OptionSpec{"--limit", "N", Localizable("At most this many; 20 unless told.")},
    OptionSpec{"--filter",
               "TEXT",
               Localizable("Only runs that have this, such as \"accuracy > 0.9\"; words without a\n"
                           "sign are looked for in all that is text.")},
    OptionSpec{"--sort",
               "COLUMN",
               Localizable("By a metric, a parameter or another column, the highest first.")},
    OptionSpec{"--ascending", "", Localizable("With --sort: the lowest first.")},
    OptionSpec{"--columns", "A,B", Localizable("Show these, such as accuracy,params.lr.")},
};

void show_table(Invocation& invocation, const std::vector<runs::RunSnapshot>& runs) {
    Table table({localize("NAME"),
                 localize("DISPLAY NAME"),
                 localize("EXPERIMENT"),
                 localize("STATUS"),
                 localize("CREATED (UTC)"),
                 localize("DURATION")});
    const auto now = invocation.clock.now();
    for (const auto& run : runs) {
        const auto elapsed = run.elapsed(now);
        table.add({run.job.name(),
                   run.display_name,
                   run.experiment,
                   runs::status_name(run.status),
                   run.created_at ? time_text(*run.created_at) : std::string(),
                   elapsed ? duration_text(*elapsed) : std::string()});
    }
    for (const auto& line : table.lines()) invocation.terminal.line(line);
}

/// The columns to show, by name: those asked for, else those that rows are chosen and ordered by.
std::vector<std::string> wanted_columns(const CommandLine& line,
                                        const std::vector<views::Condition>& conditions) {
    std::vector<std::string> names;
    const auto add = [&names](std::string name) {
        const bool is_new = std::find(names.begin(), names.end(), name) == names.end();
        if (!name.empty() && is_new) names.push_back(std::move(name));
    };
    if (const auto columns = line.value("--columns")) {
        std::istringstream rest(*columns);
        for (std::string name; std::getline(rest, name, ',');) add(trimmed(name));
        return names;
    }
    add(line.value("--sort").value_or(std::string()));
    for (const auto& condition : conditions) add(condition.column);
    return names;
}

const views::Column& column_named(const views::RunTable& table, const std::string& name) {
    const auto* column = table.column(name);
    if (column == nullptr) {
        throw Error(ErrorKind::Rejected,
                    localize("The runs have no column {}, or several of this name: say metrics.{}, "
                             "params.{} or tags.{}.",
                             name,
                             name,
                             name,
                             name));
    }
    return *column;
}

/// Shows the rows that the command line asks for. Throws: Rejected when it means nothing.
void show_rows(Invocation& invocation, const views::RunTable& table, std::size_t limit) {
    const auto& line = invocation.line;
    const auto conditions = views::parse_filter(line.value("--filter").value_or(std::string()));
    std::vector<views::SortKey> keys;
    if (const auto sort = line.value("--sort")) {
        column_named(table, *sort);
        keys.push_back({*sort, !line.has("--ascending")});
    }
    auto rows = views::sorted_rows(table, views::matching_rows(table, conditions), keys);
    if (rows.size() > limit) rows.resize(limit);
    std::vector<const views::Column*> columns;
    std::vector<std::string> titles{localize("NAME"), localize("DISPLAY NAME"), localize("STATUS")};
    for (const auto& name : wanted_columns(line, conditions)) {
        columns.push_back(&column_named(table, name));
        titles.push_back(columns.back()->title());
    }
    Table shown(std::move(titles));
    for (const auto row : rows) {
        const auto& run = table.run(row);
        auto json = run_json(run, invocation.clock.now());
        std::vector<std::string> cells{
            run.job.name(), run.display_name, runs::status_name(run.status)};
        for (const auto* column : columns) {
            cells.push_back(column->text(row));
            if (column->has(row)) json["columns"][column->id()] = cells.back();
        }
        invocation.terminal.value(json);
        shown.add(std::move(cells));
    }
    if (rows.empty()) {
        invocation.terminal.remark(localize("No run has this."));
        return;
    }
    for (const auto& text : shown.lines()) invocation.terminal.line(text);
}

/// All runs with what they have logged. Throws: Unavailable when they cannot be read.
asio::awaitable<void> read_table(views::RunTableReader& reader, std::stop_token stop) {
    std::optional<std::uint64_t> seen;
    while (!reader.complete()) {
        co_await reader.wait_for_change(seen, stop);
        seen = reader.revision();
        if (!reader.problem().empty()) throw Error(ErrorKind::Unavailable, reader.problem());
    }
}

asio::awaitable<void> list_rows(Invocation& invocation,
                                azure::ResourceId workspace,
                                std::size_t limit,
                                std::stop_token stop) {
    const auto loop = co_await asio::this_coro::executor;
    runs::RunWatcher watcher(loop,
                             invocation.access,
                             invocation.clock,
                             invocation.random,
                             invocation.state,
                             invocation.log);
    const auto reader = std::make_shared<views::RunTableReader>(
        nullptr,
        invocation.access,
        watcher,
        invocation.clock,
        invocation.tasks,
        std::move(workspace),
        invocation.line.value("--experiment").value_or(std::string()));
    std::exception_ptr failure;
    try {
        co_await read_table(*reader, std::move(stop));
        show_rows(invocation, reader->table(), limit);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await watcher.shut_down();
    if (failure) std::rethrow_exception(failure);
}

/// The parts of the run that `--parent` names.
asio::awaitable<std::vector<runs::RunSnapshot>> list_parts(Invocation& invocation,
                                                           std::size_t limit,
                                                           std::stop_token stop) {
    auto name = invocation.line.value("--parent").value_or(std::string());
    const auto job = co_await find_job(invocation, std::move(name), stop);
    auto* connection = co_await invocation.access.connect(stop);
    const auto parent = co_await read_run(connection->client, job, stop);
    co_return co_await runs::list_parts_of(connection->client, parent, limit, std::move(stop));
}

asio::awaitable<std::vector<runs::RunSnapshot>> list_whole_runs(Invocation& invocation,
                                                                azure::ResourceId workspace,
                                                                std::size_t limit,
                                                                std::stop_token stop) {
    auto* connection = co_await invocation.access.connect(stop);
    const auto experiment = invocation.line.value("--experiment");
    if (experiment) {
        co_return co_await runs::list_runs_of(
            connection->client, std::move(workspace), *experiment, limit, std::move(stop));
    }
    co_return co_await runs::list_runs(
        connection->client, std::move(workspace), limit, std::move(stop));
}

void show_listed(Invocation& invocation, std::vector<runs::RunSnapshot> listed) {
    std::stable_sort(listed.begin(), listed.end(), [](const auto& left, const auto& right) {
        return left.created_at > right.created_at;
    });
    for (const auto& run : listed) invocation.terminal.value(run_json(run, invocation.clock.now()));
    show_table(invocation, listed);
}

/// Throws: as `any_workspace`; InvalidParams when --limit is no number; Rejected when --filter or
/// --sort mean nothing.
asio::awaitable<ExitCode> list_jobs(Invocation& invocation, std::stop_token stop) {
    const auto& line = invocation.line;
    const auto limit = line.number("--limit", 1, largest_limit).value_or(default_limit);
    if (line.has("--parent")) {
        auto parts = co_await list_parts(invocation, limit, std::move(stop));
        if (parts.empty()) invocation.terminal.remark(localize("The run has no parts."));
        if (!parts.empty()) show_listed(invocation, std::move(parts));
        co_return ExitCode::Completed;
    }
    const auto workspace = co_await any_workspace(invocation, stop);
    if (line.has("--filter") || line.has("--sort") || line.has("--columns")) {
        co_await list_rows(invocation, workspace, limit, std::move(stop));
        co_return ExitCode::Completed;
    }
    auto listed = co_await list_whole_runs(invocation, workspace, limit, std::move(stop));
    if (listed.empty()) {
        invocation.terminal.remark(invocation.here
                                       ? localize("There are no runs on this computer.")
                                       : localize("Workspace '{}' has no runs.", workspace.name()));
    } else {
        show_listed(invocation, std::move(listed));
    }
    co_return ExitCode::Completed;
}

}  // namespace

const Command jobs_command{.name = "jobs",
                           .summary = Localizable("List runs, newest first"),
                           .options = jobs_options,
                           .handler = list_jobs};

}  // namespace aml::cli
