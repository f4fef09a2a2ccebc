#pragma once

#include "arm/job_problems.hpp"
#include "arm/site.hpp"

namespace aml::emulator {

/// Checks the steps of a pipeline: each runs a command component that exists, on a compute that
/// does, with what the pipeline or other steps give; none needs itself. Puts `jobs` and `settings`
/// into `job`, which has the pipeline's inputs and outputs. Throws: Refused (404 UserError) for a
/// component that does not exist. Source: PipelineJob, 2025-12-01; its `jobs` are dictionaries
/// whose keys are those of azure-ai-ml's `BaseNode._to_rest_object`.
void check_pipeline(Site& site,
                    const Workspace& workspace,
                    const Request& request,
                    const json& sent,
                    json& job,
                    JobProblems& problems);

}  // namespace aml::emulator
