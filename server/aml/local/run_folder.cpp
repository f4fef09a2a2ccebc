#include "local/run_folder.hpp"

#include "azure/json_fields.hpp"
#include "execution/placeholders.hpp"
#include "execution/supervised_process.hpp"
#include "execution/supervisor.hpp"
#include "platform/file.hpp"
#include "state/atomic_file.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"
#include "workspace/workspace_binding.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

namespace aml::local {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using TimePoint = async::Clock::TimePoint;

fs::path record_file(const RunFolder& folder) {
    return folder.own() / "run.json";
}

bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

std::optional<TimePoint> changed_at(const fs::path& file) {
    try {
        const std::chrono::nanoseconds since(platform::File::open(file).status().modified_ns);
        return TimePoint(std::chrono::duration_cast<TimePoint::duration>(since));
    } catch (const fs::filesystem_error&) {
        return std::nullopt;
    }
}

bool is_locked(const fs::path& file) {
    try {
        return !platform::File::open_to_write(file).try_lock();
    } catch (const fs::filesystem_error&) {
        return false;
    }
}

json parsed(const fs::path& file) {
    try {
        return json::parse(state::read_file(file).value_or(""), nullptr, false);
    } catch (const Error&) {
        return json();
    }
}

std::optional<RunState> written_end(const RunFolder& folder) {
    const auto value = parsed(folder.end());
    if (!value.is_object()) return std::nullopt;
    return RunState{.status = text_of(value, "status"),
                    .ended_at = azure::time(value, "endedAt"),
                    .error = text_of(value, "error")};
}

/// Of a run whose command was at work.
RunState state_of_process(const RunFolder& folder) {
    const execution::SupervisorFiles files(folder.process());
    RunState state{.started_at = changed_at(files.supervisor)};
    const bool is_unwanted = is_there(folder.cancelled());
    if (is_locked(files.lock)) {
        state.status = is_unwanted ? "CancelRequested" : "Running";
        return state;
    }
    // It is there before the lock is gone.
    const auto exit = execution::SupervisedProcess::exit_of(folder.process());
    state.ended_at = changed_at(exit ? files.exit : folder.log());
    if (is_unwanted) {
        state.status = "Canceled";
    } else if (!exit) {
        state.status = "Failed";
        state.error = localize(
            "The run's process was lost: it, or whoever watched over it, was killed. Run it "
            "again.");
    } else if (exit->succeeded()) {
        state.status = "Completed";
    } else {
        const auto record = record_of(folder).value_or(RunRecord());
        state.status = "Failed";
        state.error = execution::failure_message(
            record.command, {.exit = *exit}, execution::log_tail(folder.log()));
    }
    return state;
}

Error refused(const fs::path& path, const std::error_code& error) {
    return Error(ErrorKind::Unavailable, state::write_failure(path, error));
}

}  // namespace

fs::path runs_folder_of(const fs::path& file) {
    return workspace::workspace_binding_file(file).parent_path() / "runs";
}

std::optional<fs::path> find_runs_folder(fs::path folder) {
    for (;; folder = folder.parent_path()) {
        auto runs = folder / ".azureml" / "runs";
        std::error_code ignored;
        if (fs::is_directory(runs, ignored)) return runs;
        if (folder == folder.parent_path()) return std::nullopt;
    }
}

RunFolder make_run_folder(const fs::path& runs, const std::string& name) {
    const RunFolder folder{runs / name};
    try {
        fs::create_directories(runs);
        state::create_atomically(runs / ".gitignore", "*\n");
        if (!platform::make_folder(folder.root)) {
            throw Error(ErrorKind::Conflict,
                        localize("There is a run named {} on this computer already. Change "
                                 "\"name\", or take it out to get a new one each time.",
                                 name));
        }
        const std::array places{folder.code(),
                                folder.outputs(),
                                folder.logs(),
                                folder.log().parent_path(),
                                folder.build_log().parent_path(),
                                folder.process()};
        for (const auto& place : places) fs::create_directories(place);
    } catch (const fs::filesystem_error& error) {
        throw refused(error.path1(), error.code());
    }
    return folder;
}

void write_record(const RunFolder& folder, const RunRecord& record) {
    const json value{{"displayName", record.display_name},
                     {"experiment", record.experiment},
                     {"user", record.user},
                     {"configuration", record.configuration},
                     {"script", record.script},
                     {"command", record.command},
                     {"job", record.job},
                     {"createdAt", azure::format_time(record.created_at)}};
    state::write_atomically(record_file(folder),
                            value.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

std::vector<RunFolder> runs_in(const fs::path& runs) {
    std::vector<RunFolder> found;
    std::error_code ignored;
    for (fs::directory_iterator entry(runs, ignored), end; !ignored && entry != end;
         entry.increment(ignored)) {
        RunFolder folder{entry->path()};
        if (is_there(record_file(folder))) found.push_back(std::move(folder));
    }
    return found;
}

std::optional<RunRecord> record_of(const RunFolder& folder) {
    const auto value = parsed(record_file(folder));
    if (!value.is_object()) return std::nullopt;
    RunRecord record{.display_name = text_of(value, "displayName"),
                     .experiment = text_of(value, "experiment"),
                     .user = text_of(value, "user"),
                     .configuration = text_of(value, "configuration"),
                     .script = text_of(value, "script"),
                     .command = text_of(value, "command"),
                     .job = text_of(value, "job")};
    record.created_at = azure::time(value, "createdAt").value_or(TimePoint());
    return record;
}

RunState state_of(const RunFolder& folder) {
    if (auto end = written_end(folder)) return std::move(*end);
    const bool is_prepared = is_locked(folder.preparing());
    if (execution::SupervisedProcess::was_launched(folder.process()))
        return state_of_process(folder);
    if (is_prepared) {
        if (is_there(folder.cancelled())) return {.status = "CancelRequested"};
        return {.status = is_there(folder.build()) ? "Preparing" : "Starting"};
    }
    // Written between the two looks.
    if (auto end = written_end(folder)) return std::move(*end);
    RunState state{.status = "Canceled", .ended_at = changed_at(folder.preparing())};
    if (is_there(folder.cancelled())) return state;
    state.status = "Failed";
    state.error = localize(
        "The program that prepared the run was ended before the run's command began. Run it "
        "again.");
    return state;
}

bool has_ended(const RunState& state) {
    constexpr std::array ends{"Completed", "Failed", "Canceled"};
    return std::ranges::find(ends, state.status) != ends.end();
}

void write_end(const RunFolder& folder, const RunState& state) {
    json value{{"status", state.status}, {"error", state.error}};
    if (state.ended_at) value["endedAt"] = azure::format_time(*state.ended_at);
    state::write_atomically(folder.end(),
                            value.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
}

void cancel(const RunFolder& folder) {
    if (has_ended(state_of(folder))) return;
    state::create_atomically(folder.cancelled(), "");
    if (auto process = execution::SupervisedProcess::adopt(folder.process())) process->terminate();
}

}  // namespace aml::local
