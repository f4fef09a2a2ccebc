#pragma once

#include "core/json.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace aml::emulator {

/// How the processes of a job find each other.
enum class Launcher { None, PyTorch, Mpi, TensorFlow };

/// One process of a job.
struct Rank {
    /// Among all of the job.
    int rank = 0;
    int node = 0;
    /// Among those of its node.
    int local = 0;
    /// TensorFlow only: `worker` or `ps`, and its place among those.
    std::string role{};
    int index = 0;
    /// Its file in the run's `user_logs`.
    std::string log = "std_log.txt";
};

/// All processes of a job. Without a launcher it is one, on the first node.
struct RankPlan {
    Launcher launcher = Launcher::None;
    int nodes = 1;
    std::vector<Rank> ranks{Rank{}};

    /// How many ports the processes need to find each other.
    std::size_t ports() const;
};

/// Reads `distribution` and `resources.instanceCount` of a job. Throws: Rejected for what cannot be
/// started here. Source: learn.microsoft.com, "Distributed GPU training guide (SDK v2)"; the names
/// of the logs: azure-ai-ml, test_job_ops_helper.py.
RankPlan plan_ranks(const json& job);

/// What tells one process its place. All nodes are this machine; `ports` are free ones, as many as
/// `plan.ports()`. Source: as `plan_ranks`; `AZ_BATCH_*`: Azure Batch, "Multi-instance tasks".
std::vector<std::pair<std::string, std::string>> rank_variables(
    const RankPlan& plan, const Rank& rank, const std::vector<std::uint16_t>& ports);

/// The process in words, such as "rank 1" or "worker 0"; "" for the only one of a job.
std::string rank_name(const RankPlan& plan, const Rank& rank);

/// Ports of this machine that were free a moment ago, all different.
std::vector<std::uint16_t> free_ports(std::size_t count);

}  // namespace aml::emulator
