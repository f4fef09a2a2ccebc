#pragma once

#include "core/context.hpp"

#include <map>
#include <string>

namespace aml::emulator {

/// The command job of a pipeline's step, and where it runs.
struct StepJob {
    json job = json::object();
    /// Compute name; "" for serverless.
    std::string target{};
    std::string display_name{};
    json tags = json::object();
};

/// Puts a step together from its component, what the pipeline says of it, and what is bound to it.
/// `run_id` is the one that the step gets; `others` has the runs of the steps before it. Throws:
/// Rejected when it cannot be. Source: azure-ai-ml's pipelines, as they are sent; CLI (v2) command
/// component YAML schema for what a component's keys mean.
StepJob step_job(Context& context,
                 const Run& pipeline,
                 const std::string& step,
                 const std::string& run_id,
                 const std::map<std::string, Run>& others);

}  // namespace aml::emulator
