#pragma once

#include "async/clock.hpp"
#include "azure/resource_id.hpp"
#include "azure/run_history.hpp"
#include "runs/metric_value.hpp"
#include "runs/run_status.hpp"
#include "support/error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace aml::runs {

/// Why the state of a run could not be read the last time.
struct WatchProblem {
    ErrorKind kind = ErrorKind::Unavailable;
    /// One sentence for the user.
    std::string message;

    bool operator==(const WatchProblem&) const = default;
};

/// Everything known about a run at one moment. Snapshots are whole: a later one replaces an earlier
/// one.
struct RunSnapshot {
    /// ARM id of the job; its last name is the run's id.
    azure::ResourceId job{};
    std::string display_name{};
    std::string experiment{};
    /// Absolute path of the script it was started from here; empty when it was not.
    std::string script{};
    /// As Azure spelled it, e.g. "Running"; empty before the first answer.
    std::string status{};
    /// Compute name; empty for serverless.
    std::string target{};
    /// How many nodes it has or waits for, and how many processes on each.
    int nodes = 1;
    int processes = 1;
    std::string created_by{};
    /// Object id of whoever submitted it; empty while unknown.
    std::string owner{};
    /// Id of the run that it is a part of; mostly empty.
    std::string parent{};
    bool has_children = false;
    /// Of a sweep.
    std::optional<azure::SweepState> sweep{};
    /// Of a trial: the values of its hyperparameters, by name.
    std::map<std::string, std::string> parameters{};
    std::optional<async::Clock::TimePoint> created_at{};
    std::optional<async::Clock::TimePoint> started_at{};
    std::optional<async::Clock::TimePoint> ended_at{};
    /// Why it is still waiting, in Azure's words; empty when Azure does not say.
    std::string queueing_message{};
    std::vector<std::string> warnings{};
    /// Why the run failed.
    std::optional<azure::RunError> error{};
    /// Why it was cancelled, as whoever did it says; mostly empty.
    std::string cancel_reason{};
    /// The last value of each metric, by name: read at the end, and while somebody looks at the
    /// run.
    std::vector<MetricValue> metrics{};
    /// Page in Azure ML studio; empty while unknown.
    std::string studio_url{};
    /// Set while the run shows no sign of life for longer than is usual: for how long, as it is
    /// told to the user.
    std::optional<std::chrono::minutes> silent_for{};
    /// Set while the state cannot be read; the state shown is then the last one known.
    std::optional<WatchProblem> watch_problem{};
    /// Rises with every change of this snapshot in this process.
    std::uint64_t revision = 0;

    /// The name that people see.
    std::string title() const { return display_name.empty() ? job.name() : display_name; }

    /// Follows from the status; Waiting before the first answer.
    RunPhase phase() const { return status.empty() ? RunPhase::Waiting : phase_of(status); }

    /// Where it runs, for people: "cpu-cluster", "cpu-cluster, 2 nodes × 4 processes".
    std::string place() const;

    bool is_final() const { return phase() == RunPhase::Final; }

    /// From start (or creation, while waiting) to end or `now`; absent before anything is known.
    std::optional<std::chrono::milliseconds> elapsed(async::Clock::TimePoint now) const;
};

/// Whether the two say the same to a user: everything but the revision.
bool same_state(const RunSnapshot& left, const RunSnapshot& right);

/// What is kept on disk of a run that is not final.
nlohmann::json to_json(const RunSnapshot& snapshot);
/// Absent when it is not such an entry.
std::optional<RunSnapshot> run_snapshot_from_json(const nlohmann::json& json);

}  // namespace aml::runs
