#pragma once

#include "async/clock.hpp"
#include "azure/client.hpp"
#include "azure/page.hpp"
#include "support/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aml::azure {

struct Experiment {
    std::string id{};
    std::string name{};
    std::string description{};
    std::optional<async::Clock::TimePoint> created_at{};
    bool archived = false;
};

/// Why a run failed.
struct RunError {
    /// The deepest inner code.
    std::string code{};
    std::string message{};
};

/// What a sweep looks for, and what it has found.
struct SweepState {
    /// The metric that trials are compared by.
    std::string metric{};
    /// The smaller the better.
    bool minimizes = false;
    /// Id of the best trial so far; empty before one has logged the metric.
    std::string best_trial{};
    /// Its value of the metric, as Azure writes it.
    std::string score{};

    bool operator==(const SweepState&) const = default;
};

/// A run: the state, times, people and error of a job.
struct Run {
    std::string run_id{};
    std::string display_name{};
    /// As Azure spelled it, e.g. "Running".
    std::string status{};
    /// Compute name; empty for serverless.
    std::string target{};
    /// How many nodes it has or waits for; 0 when Azure does not say.
    int nodes = 0;
    std::string created_by{};
    /// Object id of whoever submitted it.
    std::string owner{};
    /// Id of the run that it is a part of: a trial of a sweep, a step of a pipeline. Mostly empty.
    std::string parent{};
    /// It has such parts.
    bool has_children = false;
    /// Of a sweep.
    std::optional<SweepState> sweep{};
    /// Of a trial: the values of its hyperparameters, by name.
    std::map<std::string, std::string> parameters{};
    /// Of its experiment; run history does not name it.
    std::string experiment_id{};
    std::optional<async::Clock::TimePoint> created_at{};
    std::optional<async::Clock::TimePoint> started_at{};
    std::optional<async::Clock::TimePoint> ended_at{};
    /// Grows with every change.
    std::int64_t revision = 0;
    /// Why it is still waiting; empty when Azure does not say.
    std::string queueing_message{};
    std::vector<std::string> warnings{};
    std::optional<RunError> error{};
    /// Why it was cancelled, as whoever did it says; mostly empty.
    std::string cancel_reason{};
    bool hidden = false;
};

/// A run with its log files.
struct RunDetails {
    Run run{};
    /// Path ("user_logs/std_log.txt") → read-only SAS address, good for about eight hours, sorted
    /// by path.
    std::vector<std::pair<std::string, Secret>> log_files{};
};

struct RunQuery {
    /// e.g. "Status eq Running"; empty for all.
    std::string filter{};
    std::string order_by = "CreatedUtc desc";
    int top = 50;
};

namespace run_history {
/// Active experiments, newest first where the service keeps to that.  Source: `POST
/// …/experiments:query`, run history v1.0.
asio::awaitable<Page<Experiment>> query_experiments(Client& client,
                                                    DataPlane plane,
                                                    std::stop_token stop);
/// All that is known about an experiment, as Azure says it.  Source: `GET …/experiments/{name}`.
asio::awaitable<std::optional<nlohmann::json>> find_experiment_document(Client& client,
                                                                        DataPlane plane,
                                                                        std::string name,
                                                                        std::stop_token stop);
/// Source: `POST …/experiments/{name}/runs:query`.
asio::awaitable<Page<Run>> query_runs(
    Client& client, DataPlane plane, std::string experiment, RunQuery query, std::stop_token stop);
/// How many runs one call of `batch_run_data` asks for at most.
inline constexpr std::size_t batch_size = 100;
/// Gets the ids that one call asked for, and the runs among them that there are.
using TakeRuns =
    std::function<void(const std::vector<std::string>& asked, const std::vector<Run>& found)>;
/// Any number of runs in as few calls as that takes, some of them side by side; `take` is called as
/// each answer comes. When one fails, the answers that came before it have been taken.
/// Source: `POST …/batchrundata`.
asio::awaitable<void> batch_run_data(Client& client,
                                     DataPlane plane,
                                     std::vector<std::string> run_ids,
                                     TakeRuns take,
                                     std::stop_token stop);
/// All that is known about a run, as Azure says it.  Source: `GET …/runs/{id}`.
asio::awaitable<std::optional<nlohmann::json>> find_run_document(Client& client,
                                                                 DataPlane plane,
                                                                 std::string run_id,
                                                                 std::stop_token stop);
/// Source: `GET …/runs/{id}`.
asio::awaitable<std::optional<Run>> find_run(Client& client,
                                             DataPlane plane,
                                             std::string run_id,
                                             std::stop_token stop);
/// Source: `GET …/runs/{id}/details`.
asio::awaitable<RunDetails> details(Client& client,
                                    DataPlane plane,
                                    std::string run_id,
                                    std::stop_token stop);
}  // namespace run_history

/// Reads a `Run` or `RunDetails` object.
Run run_from_json(const nlohmann::json& json);

/// A `Run` object that `run_from_json` reads as this run.
nlohmann::json run_to_json(const Run& run);

/// Empty when `name` may name an experiment, else one sentence saying what is wrong.
std::string experiment_name_problem(std::string_view name);

}  // namespace aml::azure
