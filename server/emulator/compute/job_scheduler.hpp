#pragma once

#include "blob/blob_service.hpp"
#include "core/context.hpp"
#include "core/metric_store.hpp"
#include "core/scheduler.hpp"

#include <memory>
#include <string_view>

namespace aml::emulator {

/// Runs jobs on simulated clusters, and sweeps and pipelines as the trials and steps that they are
/// made of: builds environments, starts processes, follows them to their final status. What it
/// needs after a kill is in the run (`Run::runner`) and in the job's folder,
/// `jobs/{workspace}/{run}`.
class JobScheduler final : public Scheduler {
public:
    /// Speeds and folders come from the context's options.
    JobScheduler(Context& context, BlobService& blobs, MetricStore& metrics);
    ~JobScheduler() override;

    /// Takes up every unfinished job: adopts processes that still run, settles those that ended
    /// meanwhile, and queues the rest again. Call once, when the server listens (Context::base_url
    /// is known).
    void start();

    /// Writes into the log that jobs cannot run Python, and what to do, if that is so.
    asio::awaitable<void> warn_without_python();

    void run_created(std::string_view workspace_id, std::string_view run_id) override;
    void cancel_requested(std::string_view workspace_id, std::string_view run_id) override;
    void run_deleted(std::string_view workspace_id, std::string_view run_id) override;
    void compute_changed(std::string_view workspace_id, std::string_view name) override;
    void compute_deleted(std::string_view workspace_id, std::string_view name) override;
    ClusterState cluster(std::string_view workspace_id, std::string_view name) const override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aml::emulator
