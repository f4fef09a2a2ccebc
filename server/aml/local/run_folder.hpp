#pragma once

#include "async/clock.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A run on this computer as the disk has it. All calls block.
namespace aml::local {

/// Where everything of a run is: `.azureml/runs/NAME`. What it has stored stands at the top, as in
/// Azure; `code` is its working directory, and `.run` holds what is known of it.
struct RunFolder {
    std::filesystem::path root;

    std::string name() const { return root.filename().string(); }

    std::filesystem::path code() const { return root / "code"; }

    std::filesystem::path outputs() const { return root / "outputs"; }

    std::filesystem::path logs() const { return root / "logs"; }

    std::filesystem::path log() const { return root / "user_logs" / "std_log.txt"; }

    std::filesystem::path build_log() const {
        return root / "azureml-logs" / "20_image_build_log.txt";
    }

    std::filesystem::path own() const { return root / ".run"; }

    /// What MLflow logs.
    std::filesystem::path store() const { return own() / "mlflow"; }

    /// Where the supervisors of the environment's build and of the command keep their files.
    std::filesystem::path build() const { return own() / "build"; }

    std::filesystem::path process() const { return own() / "process"; }

    /// The virtual environment of a run on the computer's own Python.
    std::filesystem::path programs() const { return own() / "programs"; }

    /// Locked by whoever prepares the run, until its command is at work.
    std::filesystem::path preparing() const { return own() / "preparing"; }

    /// There once somebody wants the run to end.
    std::filesystem::path cancelled() const { return own() / "cancelled"; }

    /// How a run ended whose command was never at work.
    std::filesystem::path end() const { return own() / "end.json"; }
};

/// What is known of a run from its beginning.
struct RunRecord {
    std::string display_name{};
    std::string experiment{};
    std::string user{};
    /// Absolute paths; the script may be empty.
    std::string configuration{};
    std::string script{};
    std::string command{};
    /// The job as JSON, for the page of the run.
    std::string job{};
    async::Clock::TimePoint created_at{};
};

/// How a run stands. Statuses are Azure's.
struct RunState {
    std::string status{};
    std::optional<async::Clock::TimePoint> started_at{};
    std::optional<async::Clock::TimePoint> ended_at{};
    /// Why it failed; empty for any other status.
    std::string error{};
};

/// `.azureml/runs` for what `file` configures: in the nearest folder upwards that is bound to a
/// workspace, else beside the file.
std::filesystem::path runs_folder_of(const std::filesystem::path& file);

/// The nearest `.azureml/runs` in `folder` or above; nothing when there is none.
std::optional<std::filesystem::path> find_runs_folder(std::filesystem::path folder);

/// Makes the folder of a run, which git ignores. It is no run before it has a record. Throws:
/// Conflict when there is one of that name already; Unavailable when the disk refuses.
RunFolder make_run_folder(const std::filesystem::path& runs, const std::string& name);

/// Throws: Unavailable when the disk refuses.
void write_record(const RunFolder& folder, const RunRecord& record);

/// The runs below `runs`.
std::vector<RunFolder> runs_in(const std::filesystem::path& runs);

/// Absent when the folder is that of no run.
std::optional<RunRecord> record_of(const RunFolder& folder);

/// What the disk says, whoever started the run and whatever has become of it: a run whose command
/// or whose supervisor was killed has failed, and so has one that nobody prepares any more.
RunState state_of(const RunFolder& folder);

/// Whether nothing more will become of it.
bool has_ended(const RunState& state);

/// Writes down how a run ended whose command is not at work.
void write_end(const RunFolder& folder, const RunState& state);

/// Asks a run to end with all that it has started. Nothing happens to one that has ended.
void cancel(const RunFolder& folder);

}  // namespace aml::local
