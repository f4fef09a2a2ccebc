#pragma once

#include "compute/ranks.hpp"
#include "compute/storage_uri.hpp"
#include "core/context.hpp"
#include "execution/environment_plan.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aml::emulator {

/// Folders and files of one job.
struct JobFolders {
    explicit JobFolders(std::filesystem::path root);

    std::filesystem::path root;
    /// The snapshot and the working directory.
    std::filesystem::path code;
    std::filesystem::path inputs;
    std::filesystem::path outputs;
    /// Where the supervisors of the environment's build and of the job itself keep their files; of
    /// a job of several processes, each in a folder of its own.
    std::filesystem::path build;
    std::filesystem::path process;
    /// The virtual environment of a job that runs on the machine's own Python.
    std::filesystem::path programs;
    std::filesystem::path build_log;

    /// What a process of the job writes.
    std::filesystem::path log_of(const Rank& rank) const { return root / rank.log; }
};

/// `jobs/{workspace id}/{run id}` below the state folder.
JobFolders job_folders(const Context& context,
                       std::string_view workspace_id,
                       std::string_view run_id);

/// Something to bring to the node before the command starts.
struct JobInput {
    std::string name;
    StoragePlace source;
    std::filesystem::path target;
};

/// A folder or file the command may write and that is kept after the run.
struct JobOutput {
    std::string name;
    StoragePlace target;
    std::filesystem::path source;
};

/// Everything about a job that is decided before it starts.
struct JobPlan {
    std::optional<StoragePlace> code;
    execution::EnvironmentPlan environment;
    std::vector<JobInput> inputs;
    std::vector<JobOutput> outputs;
    /// With inputs and outputs put in.
    std::string command;
    std::vector<std::pair<std::string, std::string>> variables;
    RankPlan processes;
    std::optional<std::chrono::seconds> timeout;
};

/// Reads the run's job and what it refers to.
/// Throws: aml::Error (Rejected, NotFound) that says what is wrong with the job.
JobPlan plan_job(Context& context,
                 const Workspace& workspace,
                 const Run& run,
                 const JobFolders& folders);

}  // namespace aml::emulator
