#pragma once

#include "core/json.hpp"
#include "core/resources.hpp"
#include "core/store.hpp"
#include "core/time.hpp"
#include "support/random.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// Names of job states as Azure spells them (`JobStatus`, 2025-12-01).
namespace run_status {
inline constexpr std::string_view not_started = "NotStarted";
inline constexpr std::string_view starting = "Starting";
inline constexpr std::string_view provisioning = "Provisioning";
inline constexpr std::string_view preparing = "Preparing";
inline constexpr std::string_view queued = "Queued";
inline constexpr std::string_view running = "Running";
inline constexpr std::string_view finalizing = "Finalizing";
inline constexpr std::string_view cancel_requested = "CancelRequested";
inline constexpr std::string_view completed = "Completed";
inline constexpr std::string_view failed = "Failed";
inline constexpr std::string_view canceled = "Canceled";
}  // namespace run_status

/// The SQL condition of a run that is not final, as the index of such runs has it. SQLite takes
/// that index, which is short, if other indexed columns beside it are written with a plus
/// (`+workspace_id = ?`), which keeps it from using theirs.
inline constexpr std::string_view is_unfinished =
    "status NOT IN ('Completed', 'Failed', 'Canceled')";

/// Completed, Failed, Canceled.
bool is_final(std::string_view status);

struct Experiment {
    /// GUID.
    std::string id;
    std::string workspace_id;
    std::string name;
    json tags = json::object();
    Time created;
    std::optional<Time> archived;
};

/// One run: an ARM job, a run made through MLflow, or a child of either. ARM jobs and run history
/// read the same row.
struct Run {
    /// Row id; rises with creation. Set by the store.
    std::int64_t sequence = 0;
    std::string workspace_id;
    /// Job name = run id, unique in the workspace without regard to case.
    std::string id;
    /// Run GUID (`runUuid`).
    std::string uuid;
    std::string experiment_id;
    /// `job` (made by a PUT through ARM, has `job`) or `mlflow` (made by MLflow's runs/create).
    std::string kind = "job";
    std::string status{run_status::not_started};
    std::string display_name;
    std::string description;
    /// Compute name; "" for serverless and MLflow runs.
    std::string target;
    /// "" for top-level runs.
    std::string parent_id;
    std::string root_id;
    json tags = json::object();
    json properties = json::object();
    /// Run parameters (MLflow params).
    json parameters = json::object();
    /// ARM job properties as accepted (command, codeId, environmentId, computeId, inputs, outputs,
    /// resources, limits …).
    json job = json::object();
    /// `createdBy` in run-history form: {userObjectId, userTenantId, userName, …}.
    json created_by = json::object();
    /// Data-plane error response of a failed run (error_response), or null.
    json error;
    json warnings = json::array();
    /// `queueingInfo`: {code, message, lastRefreshTimestamp}, or null.
    json queueing;
    /// Free for the runner: process ids, exit code and the like.
    json runner = json::object();
    bool archived = false;
    Time created;
    std::optional<Time> started;
    std::optional<Time> ended;
    Time modified;
    /// Grows with every change.
    std::int64_t revision = 0;
    /// Grows with every change of status.
    std::int64_t status_revision = 0;
};

/// Experiments and runs of all workspaces. A run that is in the store has been acknowledged and
/// survives a kill.
class RunStore final {
public:
    /// Keeps both by reference.
    RunStore(Store& store, Random& random);

    std::optional<Experiment> find_experiment(std::string_view workspace_id, std::string_view name);
    std::optional<Experiment> find_experiment_by_id(std::string_view workspace_id,
                                                    std::string_view id);
    /// Finds it by name or creates it (unarchived, new GUID).
    Experiment ensure_experiment(std::string_view workspace_id, std::string_view name, Time now);
    void update_experiment(const Experiment& experiment);
    /// Newest first.
    std::vector<Experiment> list_experiments(std::string_view workspace_id);

    std::optional<Run> find(std::string_view workspace_id, std::string_view id);
    /// Throws: Conflict when the id is taken.
    void insert(Run& run);
    /// Writes every field and raises `revision`, and `status_revision` if the status differs from
    /// the stored one; sets `modified`.
    void update(Run& run, Time now);
    void remove(std::string_view workspace_id, std::string_view id);

    /// ARM jobs (kind `job`) that no other has made, newest first, below `after` (a sequence; 0
    /// starts).
    std::vector<Run> list_jobs(std::string_view workspace_id, PageRequest page);
    /// Every run whose status is not final, oldest first; all workspaces. For the scheduler after a
    /// restart.
    std::vector<Run> unfinished();

    /// Where the children of a run compute, each target once.
    std::vector<std::string> child_targets(std::string_view workspace_id, std::string_view id);

    /// Runs of a workspace matching an SQL condition over the columns of table `runs` (see
    /// runs.cpp), with its own order. `where` and `order` come from code, never from a client;
    /// client values go into `values`.
    std::vector<Run> select(std::string_view where,
                            const std::vector<Value>& values,
                            std::string_view order,
                            std::size_t limit);

private:
    Store& store_;
    Random& random_;
};

}  // namespace aml::emulator
