#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "execution/environment_builder.hpp"
#include "execution/machine_python.hpp"
#include "local/plan.hpp"
#include "local/run_folder.hpp"
#include "platform/file.hpp"
#include "runconfig/run_configuration.hpp"
#include "support/log.hpp"
#include "support/random.hpp"
#include "workspace/saved_state.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::local {

/// A run that has a record and whose command is not at work yet.
struct BegunRun {
    RunFolder folder{};
    RunRecord record{};
    RunPlan plan{};
    // Held until the command is at work; shared with what runs on the pool.
    std::shared_ptr<platform::File> preparing{};
};

/// Runs configurations on this computer. What it has started goes on when this program ends, and
/// the disk says how it ended. Keeps what it is given by reference.
class Runner final {
public:
    Runner(workspace::SavedState& state, async::Clock& clock, Random& random, Log log);
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    /// Looks whether the configuration can run here, and makes the record of the run. Throws:
    /// Rejected (as `plan_run`; there is no Python), Conflict (the name is taken), Unavailable (the
    /// disk refuses), Cancelled.
    asio::awaitable<BegunRun> begin(runconfig::RunConfiguration configuration,
                                    std::stop_token stop);

    /// Makes the environment, brings the code, starts the command. Returns once that is at work, or
    /// the run has ended without: the record says why. Throws: Cancelled when `stop` fires first;
    /// the run ends then, as nobody prepares it.
    asio::awaitable<void> launch(BegunRun run, std::stop_token stop);

    /// The launch configuration of debugpy with which a debugger runs the configuration: on a copy
    /// of the code, which breakpoints in the code itself are carried over to, with outputs and what
    /// MLflow logs kept beside those of runs, and in no list of runs. Throws: as `begin`; Rejected
    /// when the command is no call of Python alone, or the environment cannot be made.
    asio::awaitable<nlohmann::json> prepare_debugging(runconfig::RunConfiguration configuration,
                                                      std::stop_token stop);

private:
    asio::awaitable<void> require_python(runconfig::RunConfiguration configuration,
                                         std::stop_token stop);
    /// The virtual environment that the plan asks for, made where it is not there yet. Throws:
    /// Rejected with the reason when it cannot be made, Cancelled.
    asio::awaitable<std::filesystem::path> make_environment(RunFolder folder,
                                                            RunPlan plan,
                                                            std::stop_token stop,
                                                            std::stop_token keep);
    asio::awaitable<void> prepare(BegunRun& run, std::stop_token stop, std::stop_token keep);
    asio::awaitable<void> watch_for_cancel(RunFolder folder,
                                           std::stop_source cancelled,
                                           std::stop_token stop);
    asio::awaitable<void> note_end(RunFolder folder, std::string status, std::string error);

    workspace::SavedState& state_;
    async::Clock& clock_;
    Random& random_;
    Log log_;
    std::filesystem::path program_;
    std::optional<std::filesystem::path> no_python_{};
    execution::MachinePython python_;
    execution::EnvironmentBuilder environments_;
};

/// What a program that stands in the plan's environment finds in its own.
platform::Variables whole_environment(const RunPlan& plan,
                                      const std::filesystem::path& environment);

/// Brings the files of `code` to the working directory of a run, with folders for what it writes.
/// Blocking. Throws: as `snapshot::list_files`; Unavailable when the disk refuses.
void bring_code(const RunFolder& folder,
                const std::optional<std::filesystem::path>& code,
                const std::stop_token& stop);

}  // namespace aml::local
