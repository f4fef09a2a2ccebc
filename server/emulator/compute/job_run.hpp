#pragma once

#include "blob/blob_service.hpp"
#include "compute/job_files.hpp"
#include "compute/job_plan.hpp"
#include "compute/job_processes.hpp"
#include "compute/node_pools.hpp"
#include "core/context.hpp"
#include "execution/environment_builder.hpp"
#include "execution/machine_python.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::emulator {

/// What all jobs of a scheduler share.
struct JobHost {
    Context& context;
    BlobService& blobs;
    execution::MachinePython& python;
    execution::EnvironmentBuilder& environments;
    NodePools& pools;
};

/// One job from its start (or from where a kill of the emulator left it) to its final status:
/// Starting → Preparing (only when its environment must be built) → Queued → Running → Finalizing →
/// Completed, Failed or Canceled. Every step can be done again after a kill: what has happened is
/// read from the job's folder.
class JobRun final {
public:
    /// `shutdown` ends the job's coroutine and leaves the job as it is.
    JobRun(JobHost host, std::string workspace_id, std::string run_id, std::stop_token shutdown);

    /// Returns when the job is final, deleted, or left behind by a shutdown.
    asio::awaitable<void> run();

    /// Sets CancelRequested and makes the job end as Canceled.
    void cancel();
    /// The run is gone from the store: ends whatever goes on, writes nothing more.
    void forget();

    /// The job's compute is gone: makes the job end as Failed.
    void compute_deleted();

    /// Puts the state of the job's compute into the run's tags, and why it waits.
    void show_compute(const Cluster& cluster);

private:
    asio::awaitable<void> start();
    asio::awaitable<void> prepare_environment(const JobPlan& plan);
    asio::awaitable<void> get_nodes();
    asio::awaitable<void> bring_files(const JobPlan& plan);
    asio::awaitable<void> launch(JobProcesses& processes, const JobPlan& plan);
    std::vector<std::uint16_t> ports_of(const JobPlan& plan);
    asio::awaitable<std::optional<std::filesystem::path>> find_environment(const JobPlan& plan,
                                                                           bool is_in_use);
    asio::awaitable<void> follow(JobProcesses& processes, const JobPlan& plan);
    asio::awaitable<void> expire(Time deadline, std::stop_token done);
    void note_running();
    asio::awaitable<void> finalize(const JobPlan& plan);
    void settle(const JobProcesses& processes, const JobPlan& plan);
    void finish(std::string_view status, json error);
    void fail(std::string_view message, const std::vector<std::string>& codes);
    void clean_up();

    void enter(std::string_view status);
    void change(const std::function<void(Run&)>& edit);
    void publish_log(const std::filesystem::path& file, std::string_view path);

    JobHost host_;
    std::string workspace_id_;
    std::string run_id_;
    std::string account_;
    std::string compute_;
    JobFolders folders_;
    JobFiles files_;
    std::stop_token shutdown_;
    // Fires for a cancel, a deletion and a shutdown alike: whatever is awaited ends.
    std::stop_source stop_;
    std::stop_callback<std::function<void()>> on_shutdown_;
    bool cancelled_ = false;
    bool forgotten_ = false;
    bool timed_out_ = false;
    bool has_node_ = false;
    int nodes_ = 1;
    // Why the job must fail, whatever its process does; "" when nothing speaks against it.
    std::string fatal_reason_;
};

}  // namespace aml::emulator
