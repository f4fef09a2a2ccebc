#include "cli/commands.hpp"
#include "cli/follow.hpp"
#include "cli/invocation.hpp"
#include "cli/place.hpp"
#include "runs/log_files.hpp"
#include "runs/log_search.hpp"
#include "runs/merged_log.hpp"
#include "runs/run_log.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aml::cli {
namespace {

constexpr std::array logs_options{
    workspace_option,
    follow_option,
    OptionSpec{"--file",
               "PATH",
               Localizable("Another log of the run than what the script prints, e.g.\n"
                           "azureml-logs/20_image_build_log.txt.")},
    OptionSpec{
        "--all-ranks",
        "",
        Localizable("The logs of all processes of the run as one, in the order of the times in\n"
                    "them, each line behind the number of its process.")},
    OptionSpec{
        "--search",
        "TEXT",
        Localizable("Print only the lines with this text, with file and number: of all logs\n"
                    "of the run, or of --file.")},
    OptionSpec{"--regex", "", Localizable("TEXT of --search is a regular expression.")},
    OptionSpec{"--ignore-case", "", Localizable("--search finds ASCII letters in either case.")},
};

runs::RunState state_of(const runs::RunSnapshot& run) {
    return run.is_final() ? runs::RunState::Final : runs::RunState::GoingOn;
}

// Everything that stands in the log now.
asio::awaitable<void> print_log(Invocation& invocation,
                                runs::RunSnapshot run,
                                std::string path,
                                std::stop_token stop) {
    const auto state = state_of(run);
    runs::RunLog log(invocation.access, invocation.clock, run.job);
    runs::MergedLog ranks(log);
    if (path.empty()) path = runs::primary_log(co_await log.files(state, stop));
    std::uint64_t offset = 0;
    while (!path.empty()) {
        runs::LogChunk chunk;
        if (path == runs::all_ranks_log) {
            chunk = co_await ranks.read(state, stop);
        } else {
            chunk = co_await log.read(path, offset, state, stop);
        }
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

/// What --search and its switches say; absent without it. Throws: InvalidParams; Rejected for a
/// regular expression that cannot be read.
std::optional<runs::LinePattern> pattern_of(const CommandLine& line) {
    auto text = line.value("--search");
    if (!text) {
        if (line.has("--regex") || line.has("--ignore-case")) {
            throw Error(ErrorKind::InvalidParams,
                        localize("--regex and --ignore-case say how --search TEXT is meant."));
        }
        return std::nullopt;
    }
    if (line.has("--follow")) {
        throw Error(ErrorKind::InvalidParams,
                    localize("--search looks through what the log holds now, without --follow."));
    }
    const auto letter_case = line.has("--ignore-case") ? LetterCase::Ignored : LetterCase::Matters;
    return line.has("--regex") ? runs::LinePattern::regex(*text, letter_case)
                               : runs::LinePattern::text(std::move(*text), letter_case);
}

void print_found(Terminal& terminal, const std::string& path, const runs::SearchedPart& part) {
    for (const auto& found : part.lines) {
        terminal.value({{"path", path}, {"line", found.number}, {"text", found.text}});
        const auto place = fmt::format("{}:{}:", path, found.number);
        terminal.line(fmt::format("{} {}", terminal.coloured(place, Colour::Grey), found.text));
    }
    const auto percent = part.total == 0 ? 100 : static_cast<int>(part.done * 100 / part.total);
    const auto text =
        fmt::format("{}  {} / {}", path, human_size(part.done), human_size(part.total));
    terminal.live(text, percent);
}

/// Throws: as `runs::search_log`.
asio::awaitable<ExitCode> print_matches(Invocation& invocation,
                                        runs::RunSnapshot run,
                                        std::string path,
                                        runs::LinePattern pattern,
                                        std::stop_token stop) {
    const auto state = state_of(run);
    auto& terminal = invocation.terminal;
    auto& pool = invocation.state.pool();
    runs::RunLog log(invocation.access, invocation.clock, run.job);
    auto files = co_await log.files(state, stop);
    const auto paths = runs::logs_meant(std::move(path), std::move(files));
    bool any = false;
    for (const auto& one : paths) {
        runs::OnSearched show = [&any, &terminal, &one](const runs::SearchedPart& part) {
            any = any || !part.lines.empty();
            print_found(terminal, one, part);
            return true;
        };
        co_await runs::search_log(log, pool, one, pattern, state, std::move(show), stop);
    }
    terminal.live("");
    if (!any) terminal.remark(localize("No line of the run's logs has this."));
    co_return ExitCode::Completed;
}

/// Which log is meant; nothing for what the script prints. Throws: InvalidParams.
std::string path_of(const CommandLine& line) {
    const auto file = line.value("--file");
    if (!line.has("--all-ranks")) return file.value_or(std::string());
    if (file) {
        throw Error(ErrorKind::InvalidParams,
                    localize("--file names one log, --all-ranks means those of all processes: give "
                             "one of them."));
    }
    return std::string(runs::all_ranks_log);
}

/// Throws: as `find_job`; NotFound (the run, or the log of one that has ended).
asio::awaitable<ExitCode> show_logs(Invocation& invocation, std::stop_token stop) {
    auto pattern = pattern_of(invocation.line);
    auto path = path_of(invocation.line);
    const auto job = co_await find_job(invocation, stop);
    auto* connection = co_await invocation.access.connect(stop);
    auto& client = connection->client;
    auto run = co_await read_run(client, job, stop);
    if (pattern) {
        co_return co_await print_matches(
            invocation, std::move(run), std::move(path), std::move(*pattern), std::move(stop));
    }
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

}  // namespace

const Command logs_command{.name = "logs",
                           .operand = "JOB",
                           .operand_required = true,
                           .summary = Localizable("Print what a run's script prints"),
                           .description = Localizable("The log goes to standard output, everything "
                                                      "else to standard error."),
                           .options = logs_options,
                           .handler = show_logs};

}  // namespace aml::cli
