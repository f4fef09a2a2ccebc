#pragma once

#include "execution/environment_plan.hpp"
#include "local/run_folder.hpp"
#include "platform/environment.hpp"
#include "runconfig/run_configuration.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace aml::local {

/// Everything about a run on this computer that is decided before anything starts.
struct RunPlan {
    /// With inputs and outputs put in.
    std::string command;
    /// What the command finds in its environment, beside what every program here has.
    platform::Variables variables;
    execution::EnvironmentPlan environment;
    /// The files that a submission would send.
    std::optional<std::filesystem::path> code;
    /// Folders that the command writes to.
    std::vector<std::filesystem::path> folders;
    /// What is otherwise than in Azure, one sentence each.
    std::vector<std::string> notes;
};

/// Reads what a configuration says, for a run in `folder`, of which nothing needs to exist. Reads
/// files: blocking. Throws: Rejected, with the key and the remedy, for what cannot be on this
/// computer: a job of another type than command, data and environments that are in Azure only, an
/// environment that is nothing but an image; NotFound and Unavailable for a conda file.
RunPlan plan_run(const runconfig::RunConfiguration& configuration, const RunFolder& folder);

}  // namespace aml::local
